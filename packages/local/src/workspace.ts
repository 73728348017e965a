import { fileURLToPath } from 'node:url'
import { freshBundle } from '@banyan/node/bundle'

/** Where parts of this workspace are that are no code of a lower floor. */
const fromHere = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** The console as it was built, if it was. */
export const consoleFolder = fromHere('../../console/dist')
export const docsFolder = fromHere('../../../docs')

/** Darkroom as a DService: its manifest, and what it is packed from. */
export const darkroomFolder = fromHere('../../../apps/darkroom')
/** What people try things out with. */
export const samplesFolder = fromHere('../../../apps/darkroom/samples')

/** The JavaScript file of a program: the bundle of its package, else its own modules. */
export function programFile(name: 'central' | 'region' | 'miner'): string {
  const bundle = freshBundle(new URL(`../../${name}/`, import.meta.url), `banyan-${name}.js`)
  const main = name === 'central' ? 'node/program/main.js' : 'program/main.js'
  return bundle ?? fromHere(`../../${name}/dist/${main}`)
}

/** Puts Darkroom into the registry of a network. */
export const publishProgram = fromHere('./compute/publish-program.js')
