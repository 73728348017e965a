import { fail } from '@banyan/base'

/** A parameter as the script receives it: numbers, `true`, `false` and `null` as such, all else as text. */
export function literal(text: string): unknown {
  if (text === 'true') return true
  if (text === 'false') return false
  if (text === 'null') return null
  return /^-?\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : text
}

const quoted = /^\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*(?:,|$)/
const bare = /^\s*([^,"']*?)\s*(?:,|$)/

/**
 * Reads the parameter `args`: literals with commas between, texts in quotes or bare.
 *
 * Errors: DarkroomRequestInvalid.
 */
export function literals(text: string): readonly unknown[] {
  const values: unknown[] = []
  let rest = text
  while (rest.length > 0) {
    const inQuotes = quoted.exec(rest)
    const match = inQuotes ?? bare.exec(rest)
    if (match === null)
      fail('DarkroomRequestInvalid', { reason: `args cannot be read at ${rest.slice(0, 20)}` })
    const [whole, part] = match
    values.push(inQuotes === null ? literal(part!) : part!.slice(1, -1).replace(/\\(.)/g, '$1'))
    rest = rest.slice(whole.length)
  }
  return values
}
