/** Values of parameters as people write them, `a=1&b=two words`, as the query of an address. */
export function queryOf(values: string, script?: string): string {
  const query = new URLSearchParams(script === undefined ? {} : { script })
  for (const pair of values.split('&')) {
    const at = pair.indexOf('=')
    if (at > 0) query.append(pair.slice(0, at).trim(), pair.slice(at + 1))
  }
  return query.toString()
}
