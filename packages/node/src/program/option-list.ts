import { z } from 'zod'
import { runOptions } from './options.js'

/** An option as the command line, the environment and the documentation show it. */
export type OptionRow = {
  /** As in the configuration file. */
  readonly name: string
  readonly flag: string
  readonly variable: string
  readonly type: 'string' | 'integer' | 'boolean' | 'array'
  readonly choices: readonly string[] | undefined
  readonly isPath: boolean
  readonly fallback: string
  readonly description: string
}

/** What the schema tells about a property as JSON Schema, with the metadata of options.ts. */
const property = z.object({
  type: z.enum(['string', 'integer', 'boolean', 'array']),
  enum: z.array(z.string()).optional(),
  default: z.unknown(),
  description: z.string(),
  path: z.boolean().optional(),
  fallback: z.string().optional(),
})

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

export const optionRows: readonly OptionRow[] = Object.entries(
  z.toJSONSchema(runOptions, { io: 'input' }).properties ?? {},
).map(([name, found]) => {
  const { type, enum: choices, path, fallback, description, ...rest } = property.parse(found)
  return {
    name,
    flag: `--${kebab(name)}`,
    variable: `BANYAN_${kebab(name).replaceAll('-', '_').toUpperCase()}`,
    type,
    choices,
    isPath: path === true,
    fallback: fallback ?? textOf(rest.default),
    description,
  }
})

function textOf(value: unknown): string {
  return Array.isArray(value) ? value.join(',') : String(value)
}

/** What stands for the value in the help. */
export function placeholder({ type, choices, isPath }: OptionRow): string {
  if (choices !== undefined) return `<${choices.join('|')}>`
  if (type === 'integer') return '<number>'
  if (type === 'array') return '<list>'
  return isPath ? '<path>' : '<text>'
}

/** The table of docs/node.md. */
export function optionTable(): string {
  const rows = optionRows.map((row) => {
    const form = row.type === 'boolean' ? row.flag : `${row.flag} ${placeholder(row)}`
    const fallback = row.fallback === '' ? 'none' : row.fallback
    return `| \`${row.name}\` | \`${form.replaceAll('|', '\\|')}\` | \`${row.variable}\` | ${fallback} | ${row.description} |`
  })
  return ['| file | flag | environment | default | meaning |', '|---|---|---|---|---|', ...rows].join('\n')
}
