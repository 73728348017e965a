/** Where an operation is: parts of its path between braces are parameters. */
type Place = { readonly method: string; readonly path: string }

/** An operation that a request asks for, with the parameters in its path as they are written there. */
export type FoundRoute<Route> = { readonly route: Route; readonly texts: Readonly<Record<string, string>> }

/** The first route of this method, in small letters, whose path is the given one; `undefined` if there is none. */
export function findRoute<Route extends Place>(
  routes: readonly Route[],
  method: string,
  path: string,
): FoundRoute<Route> | undefined {
  const parts = path.split('/')
  for (const route of routes) {
    if (route.method !== method) continue
    const texts = matchPath(route.path.split('/'), parts)
    if (texts !== undefined) return { route, texts }
  }
  return undefined
}

/** The parameters of a path, `undefined` if it is another path. Parameters never need escapes. */
function matchPath(pattern: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== parts.length) return undefined
  const texts: Record<string, string> = {}
  for (const [i, expected] of pattern.entries()) {
    const part = parts[i]!
    if (expected.startsWith('{')) texts[expected.slice(1, -1)] = part
    else if (expected !== part) return undefined
  }
  return texts
}
