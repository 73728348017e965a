import { readdirSync, readFileSync } from 'node:fs'
import { startBytes } from '@banyan/testing/browser'
import { expect, test } from 'vitest'

/** What a page pays for the parts of the SDK that it uses, in bytes after gzip. */
const pages = [
  {
    name: 'a client and one reading action',
    limit: 8 * 1024,
    code: `import { createClient, getBalance } from '@banyan/sdk'
      console.log(await getBalance(createClient({ url: location.origin }), { address: location.hash }))`,
  },
  {
    name: 'a client that follows blocks',
    limit: 10 * 1024,
    code: `import { createClient, watchBlocks } from '@banyan/sdk'
      for await (const block of watchBlocks(createClient({ url: location.origin }))) console.log(block)`,
  },
  {
    name: 'a client that sends with a local key',
    limit: 60 * 1024,
    code: `import { createClient, ed25519Account, send } from '@banyan/sdk'
      const client = createClient({ url: location.origin, account: ed25519Account(location.hash) })
      await send(client, { to: location.hash, amount: 1n }).final`,
  },
  {
    name: 'a client that sends with a passkey',
    limit: 60 * 1024,
    code: `import { createClient, createPasskey, findPasskey, send } from '@banyan/sdk'
      const account = location.hash ? await createPasskey({ name: 'x' }) : await findPasskey(createClient({ url: 'x' }))
      await send(createClient({ url: location.origin, account }), { to: location.hash, amount: 1n }).final`,
  },
]

test.each(pages)('SDK-1: the size of $name is bounded', async ({ name, limit, code }) => {
  const size = await startBytes(code, import.meta.url)
  console.log(`${name}: ${size} of ${limit} bytes`)
  expect(size).toBeLessThanOrEqual(limit)
})

test.each(['sdk', 'react', 'sponsor'])('SDK-1: the types of %s say what everything is', (name) => {
  const folder = new URL(`../../${name}/dist/`, import.meta.url)
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.d.ts'),
  )
  expect(files.length).toBeGreaterThan(3)
  for (const file of files) {
    const code = readFileSync(new URL(file, folder), 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '')
    expect(code, file).not.toMatch(/(:|<|=|\||,) ?any\b/)
  }
})
