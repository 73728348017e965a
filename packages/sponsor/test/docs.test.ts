import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { formatAmount } from '@banyan/base'
import {
  createClient,
  ed25519Account,
  getBalance,
  getTransactions,
  newSecret,
  secp256k1Account,
} from '@banyan/sdk'
import { startCluster } from '@banyan/testing/cluster'
import { expect, onTestFinished, test } from 'vitest'

const page = readFileSync(new URL('../../../docs/sponsor.md', import.meta.url), 'utf8')
const [client, provider] = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code!)

async function run(code: string, given: Readonly<Record<string, unknown>>, result = ''): Promise<unknown> {
  const folder = mkdtempSync(fileURLToPath(new URL('example-', import.meta.url)))
  const imports = /^(import .*\n)+/m.exec(code)![0]
  const body = code.replace(imports, '')
  const names = Object.keys(given).join(', ')
  const file = join(folder, 'example.mjs')
  writeFileSync(file, `${imports}\nexport async function run({ ${names} }) {\n${body}\n${result}\n}\n`)
  try {
    const { run: example } = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as {
      readonly run: (values: typeof given) => Promise<unknown>
    }
    return await example(given)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

test('LED-15: the examples in docs/sponsor.md work together', async () => {
  const secrets = { sponsor: newSecret(), user: newSecret() }
  const payer = secp256k1Account(secrets.sponsor)
  const user = ed25519Account(secrets.user)
  const friend = ed25519Account(newSecret()).address
  const cluster = await startCluster({
    validators: 1,
    accounts: [
      { address: payer.address, balance: '100' },
      { address: user.address, balance: formatAmount(5n) },
    ],
    plan: { blockInterval: 50, heartbeat: 100 },
  })
  onTestFinished(() => cluster.close())
  const url = cluster.node(0).rpc
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'banyan-sponsor-docs-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const users = new Set([user.address])
  const given = { url, sponsorSecret: secrets.sponsor, contract: friend, users, folder, port }
  const sponsor = (await run(provider!, given, 'return sponsor')) as { readonly close: () => Promise<void> }
  onTestFinished(() => sponsor.close())
  const sponsorUrl = `http://127.0.0.1:${port}/sponsor`
  await run(client!, { url, secret: secrets.user, friend, sponsorUrl })
  expect(await getBalance(createClient({ url }), { address: friend })).toBe(5n)
  const { items } = await getTransactions(createClient({ url }), { limit: 1 })
  expect(items).toMatchObject([{ from: user.address, sponsor: payer.address }])
})
