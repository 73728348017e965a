import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A web server on this computer. */
export type Site = {
  /** `http://localhost:` and a free port: browsers allow it what they allow https only. */
  readonly origin: string
  readonly close: () => Promise<void>
}

/** A page may load scripts from its own site, may compile WebAssembly, may talk to these origins, and may do nothing else. */
const policyOf = (origins: readonly string[]): string =>
  `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src ${["'self'", ...origins].join(' ')}`

const blank = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Banyan</title></html>'

/** Serves an empty page at `/` and each script at its name. */
export async function serveScripts(
  scripts: ReadonlyMap<string, string>,
  origins: readonly string[],
): Promise<Site> {
  const policy = policyOf(origins)
  const server = createServer(({ url = '/' }, response) => {
    const script = scripts.get(url.slice(1))
    const body = url === '/' ? blank : script
    const type = url === '/' ? 'text/html' : 'text/javascript'
    response.writeHead(body === undefined ? 404 : 200, {
      'content-type': `${type}; charset=utf-8`,
      'content-security-policy': policy,
    })
    response.end(body)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://localhost:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
