import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import * as sdk from '@banyan/sdk'
import { addPasskeyDevice, bundleForBrowser, useBrowser } from '@banyan/testing/browser'
import { describe, expect, test } from 'vitest'
import { alice, bob, clientOf, freshAddress, secretOf, useNode } from './node.js'

const page = readFileSync(new URL('../../../docs/sdk.md', import.meta.url), 'utf8')
const node = useNode()

/** Examples by their info string. */
const examples = (info: string): string[] =>
  [...page.matchAll(/```(ts.*)\n([\s\S]*?)```/g)]
    .filter(([, found]) => found === info)
    .map(([, , code]) => code!)

type Given = Readonly<Record<'url' | 'secret' | 'friend' | 'person', unknown>> & {
  readonly report: (text: unknown) => void
}
type Run = (given: Given) => Promise<void>

/** An example, as a module whose function takes the names that it uses without declaring them. */
function moduleOf(code: string): string {
  const imports = /^(import .*\n)+/m.exec(code)![0]
  const body = code.replace(imports, '')
  return `${imports}\nexport async function run({ url, secret, friend, person, report }) {\n${body}\n}\n`
}

async function written<Result>(code: string, use: (file: URL) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(fileURLToPath(new URL('example-', import.meta.url)))
  const file = join(folder, 'example.mjs')
  writeFileSync(file, moduleOf(code))
  try {
    return await use(pathToFileURL(file))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test.each(examples('ts').map((code, i) => [i + 1, code] as const))(
  'SDK-1: example %i of docs/sdk.md works',
  async (_, code) => {
    const person = alice.address
    const first = sdk.send(clientOf(node, alice), { to: bob.address, amount: 1n })
    await first.final
    const reports: unknown[] = []
    const given = { url: node.url(), secret: secretOf('alice'), friend: freshAddress(), person }
    await written(code, async (file) => {
      const { run } = (await import(/* @vite-ignore */ file.href)) as { readonly run: Run }
      await run({ ...given, report: (text) => reports.push(text) })
    })
    expect(reports.length).toBeGreaterThan(0)
    expect(reports.join('\n')).not.toMatch(/undefined|NaN|\[object/)
  },
)

test('SDK-1: docs/sdk.md names every action, and no other', () => {
  const named = new Set(
    [...page.matchAll(/`((?:get|watch|find|create|parse|format)[A-Z]\w*)/g)].map(([, name]) => name!),
  )
  const elsewhere = ['createVerifier', 'parseAbi']
  const actions = Object.keys(sdk).filter((name) => /^(get|watch|find|create)[A-Z]/.test(name))
  for (const name of actions) expect(page, name).toContain(name)
  for (const name of named) if (!elsewhere.includes(name)) expect(Object.keys(sdk), name).toContain(name)
})

describe('in a browser', () => {
  const browser = useBrowser()

  test('SDK-3: the example of passkeys in docs/sdk.md works', async () => {
    const [code] = examples('ts page')
    const withReport = `${moduleOf(code!)}
      export async function start(url) {
        const reports = []
        await run({ url, report: (text) => reports.push(text) })
        return reports
      }`
    const bundle = await written(code!, async (file) => {
      writeFileSync(file, withReport)
      return bundleForBrowser(file)
    })
    const opened = await browser.open<{ start: (url: string) => Promise<unknown[]> }>(bundle, [
      node.url(),
      node.url().replace('http', 'ws'),
    ])
    await addPasskeyDevice(opened)
    expect(await opened.call('start', node.url())).toEqual([true])
  })
})
