import { fail, fromHex } from '@banyan/base'
import { z } from 'zod'

/** Options of central. This schema gives their type, their check, the help of the command and the table in docs/central.md. */

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
  logLevel: z
    .enum(['debug', 'info', 'warn', 'error'])
    .default('info')
    .meta({ description: 'Least level of what is logged' }),
  stopTimeout: z
    .int()
    .min(1)
    .max(600_000)
    .default(10_000)
    .meta({ description: 'Time to stop in before the process ends anyway, ms' }),
  stopWithParent: z
    .boolean()
    .default(false)
    .meta({ description: 'Stop when standard input ends or the parent process disconnects' }),
})

export type RunOptions = z.output<typeof runOptions>

/** An option as the command line, the environment and the documentation show it. */
export type OptionRow = {
  readonly name: keyof RunOptions
  readonly flag: string
  readonly variable: string
  readonly type: string
  readonly fallback: string
  readonly description: string
}

const property = z.object({ type: z.string(), default: z.unknown().optional(), description: z.string() })
const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

export const optionRows: readonly OptionRow[] = Object.entries(
  z.toJSONSchema(runOptions, { io: 'input' }).properties ?? {},
).map(([name, found]) => {
  const { type, description, ...rest } = property.parse(found)
  return {
    name: name as keyof RunOptions,
    flag: `--${kebab(name)}`,
    variable: `BANYAN_CENTRAL_${kebab(name).replaceAll('-', '_').toUpperCase()}`,
    type,
    fallback: rest.default === undefined ? '' : String(rest.default),
    description,
  }
})

/** The table of docs/central.md. */
export function optionTable(): string {
  const rows = optionRows.map(
    ({ flag, variable, fallback, description }) =>
      `| \`${flag}\` | \`${variable}\` | ${fallback === '' ? 'none' : fallback} | ${description} |`,
  )
  return ['| flag | environment | default | meaning |', '|---|---|---|---|', ...rows].join('\n')
}

/** Options from flags, then environment variables, then defaults. Error: OptionInvalid. */
export function readOptions(
  flags: Readonly<Record<string, string | true | undefined>>,
  environment: Readonly<Record<string, string | undefined>>,
): RunOptions {
  const given = optionRows.flatMap((row) => {
    const text = flags[row.name] ?? environment[row.variable]
    return text === undefined ? [] : [[row.name, readText(row, text)] as const]
  })
  const parsed = runOptions.safeParse(Object.fromEntries(given))
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  return fail('OptionInvalid', { option: String(issue.path[0]), reason: issue.message })
}

/** The value that a text stands for; a text that is none stays as it is, and the check refuses it. */
function readText({ type }: OptionRow, text: string | true): unknown {
  if (text === true) return true
  if (type === 'integer') return /^\d{1,15}$/.test(text) ? Number(text) : text
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text
  if (type === 'array') return text === '' ? [] : text.split(',')
  return text
}

export function authorityKeys({ authorities }: RunOptions): readonly Uint8Array[] {
  return authorities.map((key) => fromHex(key)!)
}
