// Writes docs/errors.md from the error registry: `npm run docs:errors`.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { prepare } from './prepare.mjs'
import { root } from './process.mjs'

const sources = join(root, 'packages/base/src/errors')

/** Code ranges as the catalogue files state them in their first comment: `{first, last, subject}`, ascending. */
export function errorRanges() {
  const ranges = []
  for (const file of readdirSync(sources)) {
    const match = /\/\*\* (\d+)-(\d+): (.+?)\.? \*\//.exec(readFileSync(join(sources, file), 'utf8'))
    if (match !== null) ranges.push({ first: Number(match[1]), last: Number(match[2]), subject: match[3] })
  }
  return ranges.sort((a, b) => a.first - b.first)
}

/** Text as Markdown shows it literally: only `<` and `|` have a meaning in our messages. */
const literal = (text) => text.replace(/[<|]/g, (character) => `\\${character}`)

/** The whole page for a registry `{Name: {code, message, cause, fix, retryable}}`. */
export function errorPage(registry, ranges) {
  const entries = Object.entries(registry).sort(([, a], [, b]) => a.code - b.code)
  const lines = [
    '# Errors',
    '',
    'Every failure that a user can cause has a code that stays the same in the API, the SDK, the command line and the',
    'console. Words in braces stand for values of the case at hand. This page is written by `npm run docs:errors` from',
    '`packages/base/src/errors`.',
  ]
  for (const { first, last, subject } of ranges) {
    lines.push('', `## ${first}-${last}: ${subject}`)
    for (const [name, entry] of entries.filter(([, { code }]) => code >= first && code <= last)) {
      lines.push('', `### BYN-${entry.code}`, '', `**${name}**: ${literal(entry.message)}`, '')
      lines.push(`- Cause: ${literal(entry.cause)}`, `- Fix: ${literal(entry.fix)}`)
      lines.push(`- The same request may succeed later without a change: ${entry.retryable ? 'yes' : 'no'}`)
    }
  }
  return `${lines.join('\n')}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await prepare()
  const { errorRegistry } = await import('@banyan/base')
  writeFileSync(join(root, 'docs/errors.md'), errorPage(errorRegistry, errorRanges()))
  console.log(`docs/errors.md: ${Object.keys(errorRegistry).length} errors`)
}
