// Writes the table of operations into docs/darkroom.md: `npm run docs:darkroom`.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { prepare } from './prepare.mjs'
import { root } from './process.mjs'

export const page = join(root, 'docs/darkroom.md')
const begin = '<!-- operations: written by npm run docs:darkroom -->'
const end = '<!-- end of operations -->'

/** What an argument may be, in a few words. */
function typeOf(schema) {
  if (schema.title !== undefined) return schema.title
  if (schema.enum !== undefined) return schema.enum.length > 8 ? 'a name' : schema.enum.join(', ')
  if (schema.const !== undefined) return String(schema.const)
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeOf).join(' or ')
  const { type, minimum, maximum } = schema
  if ((type === 'integer' || type === 'number') && maximum !== undefined) return `${minimum} to ${maximum}`
  return {
    integer: 'a number',
    boolean: 'true or false',
    array: 'a list',
    object: 'an object',
    string: 'a text',
  }[type]
}

function argument([name, schema], required) {
  const { description, default: usual } = schema
  const isNeeded = required.includes(name)
  const value = usual === undefined || usual === '' || typeof usual === 'object' ? '' : `, else \`${usual}\``
  const about = description === undefined ? '' : `. ${description.replace(/\.$/, '')}`
  return `${isNeeded ? `**\`${name}\`**` : `\`${name}\``}: ${typeOf(schema)}${value}${about}`.replace(
    /\|/g,
    '\\|',
  )
}

/** The table for operations as `describeOperations` gives them. */
export function operationTable(operations) {
  const rows = operations.map(({ name, about, arguments: { properties = {}, required = [] } }) => {
    const list = Object.entries(properties).map((entry) => argument(entry, required))
    return `| \`${name}\` | ${about} | ${list.join('<br>')} |`
  })
  return [
    begin,
    '',
    '| operation | what it does | arguments in their order |',
    '|---|---|---|',
    ...rows,
    '',
    end,
  ].join('\n')
}

/** The page with its table renewed. */
export function renewPage(text, operations) {
  const [before, rest] = [text.slice(0, text.indexOf(begin)), text.slice(text.indexOf(end) + end.length)]
  return before + operationTable(operations) + rest
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await prepare()
  const { describeOperations } = await import('@banyan/darkroom')
  writeFileSync(page, renewPage(readFileSync(page, 'utf8'), describeOperations()))
  console.log(`docs/darkroom.md: ${describeOperations().length} operations`)
}
