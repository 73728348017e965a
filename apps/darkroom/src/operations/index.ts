import { banyanError, fail } from '@banyan/base'
import { z } from 'zod'
import * as colors from './colors.js'
import { composite } from './composite.js'
import { crop } from './crop.js'
import * as drawing from './drawing.js'
import { extend } from './extend.js'
import * as filters from './filters.js'
import { flip } from './flip.js'
import { addFrame, animate, clone, frame } from './frames.js'
import { info } from './info.js'
import { addLayer, collapse, layers, removeLayer, setLayer } from './layers.js'
import { load } from './load.js'
import { makeCanvas } from './make-canvas.js'
import { copyMetadata, getMetadata, setMetadata } from './metadata.js'
import type { Operation } from './operation.js'
import { reduce } from './reduce.js'
import { rotate } from './rotate.js'
import { save } from './save.js'
import { scale } from './scale.js'
import * as selections from './selections.js'
import { makeText, text } from './text.js'
import { addToZip, saveZip } from './zip.js'

/** Every operation, in the order in which the documentation shows them. */
export const operations: readonly Operation[] = [
  load,
  save,
  info,
  makeCanvas,
  makeText,
  clone,
  scale,
  crop,
  extend,
  rotate,
  flip,
  composite,
  addLayer,
  setLayer,
  removeLayer,
  layers,
  collapse,
  text,
  ...Object.values(drawing),
  ...Object.values(selections),
  ...Object.values(colors),
  ...Object.values(filters),
  reduce,
  addFrame,
  animate,
  frame,
  getMetadata,
  setMetadata,
  copyMetadata,
  addToZip,
  saveZip,
]

export const fullName = ({ on, name }: Operation): string => `${on}.${name}`

export const operationsByName = new Map(operations.map((operation) => [fullName(operation), operation]))

/** Arguments as a call of a script brings them. */
export type Values = {
  readonly positional: readonly unknown[]
  readonly named: Readonly<Record<string, unknown>>
}

/** The name of an argument as it is declared, whatever the case in which the script wrote it. */
function declared(operation: Operation, name: string): string {
  const names = Object.keys(operation.args.shape)
  const found = names.find((own) => own.toLowerCase() === name.toLowerCase())
  if (found !== undefined) return found
  const known = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`
  throw banyanError('OperationInvalid', {
    operation: fullName(operation),
    reason: `there is no argument ${name}; ${known}`,
  })
}

/** Checks the arguments of a call and fills in what was not given. Errors: OperationInvalid. */
export function bindArguments(operation: Operation, { positional, named }: Values): unknown {
  const names = Object.keys(operation.args.shape)
  const invalid = (reason: string) => fail('OperationInvalid', { operation: fullName(operation), reason })
  if (positional.length > names.length) invalid(`it takes ${names.length} arguments`)
  const given: Record<string, unknown> = {}
  for (const [i, value] of positional.entries()) given[names[i]!] = value
  for (const [name, value] of Object.entries(named)) {
    const own = declared(operation, name)
    if (own in given) invalid(`${own} is given twice`)
    given[own] = value
  }
  const result = operation.args.safeParse(given)
  if (result.success) return result.data
  const [issue] = result.error.issues
  return invalid(`${issue!.path.join('.') || 'arguments'}: ${issue!.message.replace(/^Invalid input: /, '')}`)
}

/** The table of operations for machines: arguments as JSON Schema. */
export function describeOperations(): readonly object[] {
  return operations.map((operation) => ({
    name: fullName(operation),
    about: operation.about,
    arguments: z.toJSONSchema(operation.args, { io: 'input' }),
  }))
}
