import { z } from 'zod'

/**
 * Options of a program as a schema gives them: their types and checks, and with `meta` what help and documentation show.
 * `description`; `path`: relative to the configuration file where it stands there; `fallback`: what the default is where it
 * depends on the machine.
 */
export type OptionForm = z.ZodObject<Readonly<Record<string, z.ZodType>>>

/** An option as the command line, the environment and the documentation show it. */
export type OptionRow = {
  /** As in the configuration file. */
  readonly name: string
  readonly flag: string
  readonly variable: string
  readonly type: 'string' | 'integer' | 'boolean' | 'array'
  readonly choices: readonly string[] | undefined
  readonly isPath: boolean
  /** Empty if there is none. */
  readonly fallback: string
  readonly description: string
}

/** What the schema tells about a property as JSON Schema. */
const property = z.object({
  type: z.enum(['string', 'integer', 'boolean', 'array']),
  enum: z.array(z.string()).optional(),
  default: z.unknown().optional(),
  description: z.string(),
  path: z.boolean().optional(),
  fallback: z.string().optional(),
})

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** The options of a form; their environment variables begin with `prefix`, such as "BANYAN_". */
export function optionRowsOf(form: OptionForm, prefix: string): readonly OptionRow[] {
  return Object.entries(z.toJSONSchema(form, { io: 'input' }).properties ?? {}).map(([name, found]) => {
    const { type, enum: choices, path, fallback, description, ...rest } = property.parse(found)
    return {
      name,
      flag: `--${kebab(name)}`,
      variable: `${prefix}${kebab(name).replaceAll('-', '_').toUpperCase()}`,
      type,
      choices,
      isPath: path === true,
      fallback: fallback ?? textOf(rest.default),
      description,
    }
  })
}

function textOf(value: unknown): string {
  if (value === undefined) return ''
  return Array.isArray(value) ? value.join(',') : String(value)
}

/** The flag with what stands for its value, such as `--port <number>`. */
export function flagForm({ flag, type, choices, isPath }: OptionRow): string {
  if (type === 'boolean') return flag
  if (choices !== undefined) return `${flag} <${choices.join('|')}>`
  if (type === 'integer') return `${flag} <number>`
  if (type === 'array') return `${flag} <list>`
  return `${flag} <${isPath ? 'path' : 'text'}>`
}

/** What the help of a command says of an option. */
export function helpText({ description, variable, fallback }: OptionRow): string {
  return `${description} (environment: ${variable}${fallback === '' ? '' : `; default: ${fallback}`})`
}

/** A Markdown table: for each title, what it has of an option. */
export function optionTable(
  rows: readonly OptionRow[],
  columns: Readonly<Record<string, (row: OptionRow) => string>>,
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const cells = Object.values(columns)
  return [
    line(Object.keys(columns)),
    `|${'---|'.repeat(cells.length)}`,
    ...rows.map((row) => line(cells.map((cell) => cell(row)))),
  ].join('\n')
}
