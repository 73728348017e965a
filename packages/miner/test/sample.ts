import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toHex } from '@banyan/base'
import { native } from '@banyan/crypto/native'
import { type Role, signRelease } from '@banyan/dservice'
import { folderRegistry, packageFolder } from '@banyan/dservice/node'

/** A small DService that does as the path says. */
const server = `
let served = 0
require('node:http').createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://x')
  if (pathname === '/health') return response.end('ok')
  served++
  if (pathname === '/echo') return request.pipe(response)
  if (pathname === '/die') process.exit(1)
  if (pathname === '/slow') return setTimeout(() => response.end('late'), Number(searchParams.get('ms')))
  const begun = process.cpuUsage()
  while (process.cpuUsage(begun).user < 100_000);
  response.writeHead(418, { 'x-served': served })
  response.end(process.pid + ' ' + served)
}).listen(Number(process.env.PORT), '127.0.0.1')`

const seeds = { developer: new Uint8Array(32).fill(1), authority: new Uint8Array(32).fill(2) }

/** Who certifies samples. */
export const authorityKey = native.ed25519.publicKey(seeds.authority)
export const authorityText = toHex(authorityKey)

/** Packages a sample below `folder`, signs it in these roles, and publishes it in a registry. */
export function publishSample(
  folder: string,
  registry: string,
  version: string,
  ...roles: readonly Role[]
): Promise<void> {
  const limits = { concurrency: 2, memoryMiB: 256 }
  const manifest = { name: 'sample', version, command: ['node', 'server.cjs'], ...limits }
  return publishPackage(folder, registry, manifest, { 'server.cjs': server }, ...roles)
}

/** The same for a package of these files. */
export async function publishPackage(
  folder: string,
  registry: string,
  manifest: { readonly name: string; readonly version: string; readonly command: readonly string[] },
  files: Readonly<Record<string, string>>,
  ...roles: readonly Role[]
): Promise<void> {
  const source = mkdtempSync(join(folder, 'source-'))
  const whole = { format: 1, description: 'For a test.', files: Object.keys(files), ...manifest }
  writeFileSync(join(source, 'dservice.json'), JSON.stringify(whole))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(source, name), text)
  const made = await packageFolder(native, source, () => undefined)
  const release = roles.reduce((signed, role) => signRelease(native, signed, role, seeds[role]), made.release)
  await folderRegistry(registry).publish({ ...made, release })
}
