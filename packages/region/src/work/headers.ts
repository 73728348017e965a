/** Headers in turn: name, value, name, value; as they came. */

/** Meant for one connection, not for the service behind it (RFC 9110, 7.6.1); expect is answered here. */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
])

/** The first value of a header; `name` in lower case. */
export function headerOf(headers: readonly string[], name: string): string | undefined {
  for (let i = 0; i < headers.length; i += 2) {
    const candidate = headers[i]!
    if (candidate.length === name.length && candidate.toLowerCase() === name) return headers[i + 1]
  }
  return undefined
}

export type SplitHeaders = {
  /** For the service. */
  readonly passed: string[]
  /** For the region: those that begin with `banyan-`, by name without that. */
  readonly own: Map<string, string>
  /** Of the header authorization, if it is for the region. */
  readonly bearer: string | undefined
}

/**
 * Tells the headers of a request apart. With `banyan-key` the client's authorization belongs to the service; without, it
 * is the region's and goes no further.
 */
export function splitHeaders(headers: readonly string[]): SplitHeaders {
  const named = connectionNames(headers)
  const passed: string[] = []
  const own = new Map<string, string>()
  let authorization: readonly [string, string] | undefined
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i]!
    const lower = name.toLowerCase()
    if (lower.startsWith('banyan-')) own.set(lower.slice(7), headers[i + 1]!)
    else if (lower === 'authorization') authorization = [name, headers[i + 1]!]
    else if (!hopByHop.has(lower) && named?.has(lower) !== true) passed.push(name, headers[i + 1]!)
  }
  if (own.has('key')) {
    if (authorization !== undefined) passed.push(...authorization)
    return { passed, own, bearer: own.get('key') }
  }
  const match = authorization === undefined ? null : /^Bearer ([\x21-\x7e]+)$/i.exec(authorization[1])
  return { passed, own, bearer: match?.[1] }
}

/** The headers of an answer that go on to the client. */
export function answerHeaders(headers: readonly string[]): string[] {
  const named = connectionNames(headers)
  const passed: string[] = []
  for (let i = 0; i < headers.length; i += 2) {
    const lower = headers[i]!.toLowerCase()
    if (!hopByHop.has(lower) && named?.has(lower) !== true) passed.push(headers[i]!, headers[i + 1]!)
  }
  return passed
}

/** What the header connection names is meant for this connection too. */
function connectionNames(headers: readonly string[]): ReadonlySet<string> | undefined {
  const value = headerOf(headers, 'connection')
  if (value === undefined || /^(keep-alive|close)$/i.test(value)) return undefined
  return new Set(value.split(',').map((name) => name.trim().toLowerCase()))
}
