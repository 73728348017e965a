import { fromHex } from '@banyan/base'
import {
  type Environment,
  type Flags,
  lifeOptions,
  optionTable as makeTable,
  optionRowsOf,
  readOptions as read,
} from '@banyan/program/options'
import { z } from 'zod'

/** Options of central, for the help of the command and the table in docs/central.md too. */

const port = z.int().min(0).max(65_535)
const list = z.array(z.string())

export const runOptions = z.strictObject({
  folder: z.string().default('central').meta({ description: 'Folder with the secrets and the journal' }),
  host: z.string().default('127.0.0.1').meta({
    description: 'Address that serves the API, /metrics, /health and /ready; never a public one',
  }),
  port: port.default(6443).meta({ description: 'Port of them; 0 takes a free one' }),
  names: list
    .default([])
    .meta({ description: 'Host names besides those of this machine by which it is reached' }),
  authorities: z
    .array(z.string().regex(/^0x[0-9a-f]{64}$/))
    .default([])
    .meta({ description: 'Public keys of those who certify DServices' }),
  follow: z
    .url({ protocol: /^https?$/ })
    .optional()
    .meta({
      description:
        'Address of the replica that writes; this one copies its journal, with the key in the file replica-key of the folder',
    }),
  ...lifeOptions,
})

export type RunOptions = z.output<typeof runOptions>

export const optionRows = optionRowsOf(runOptions, 'BANYAN_CENTRAL_')

/** The table of docs/central.md. */
export function optionTable(): string {
  return makeTable(optionRows, {
    flag: ({ flag }) => `\`${flag}\``,
    environment: ({ variable }) => `\`${variable}\``,
    default: ({ fallback }) => fallback || 'none',
    meaning: ({ description }) => description,
  })
}

/** Options from flags, then environment variables, then defaults. Error: OptionInvalid. */
export function readOptions(flags: Flags, environment: Environment): RunOptions {
  return read(runOptions, optionRows, flags, environment)
}

export function authorityKeys({ authorities }: RunOptions): readonly Uint8Array[] {
  return authorities.map((key) => fromHex(key)!)
}
