import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { toHex } from '@banyan/base'
import { type LocalNetwork, startLocal } from '@banyan/local'
import { createClient, getBalance } from '@banyan/sdk'
import { testTier } from '@banyan/testing'
import { addPasskeyDevice, findChromium } from '@banyan/testing/browser'
import { chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { actAs } from './browser-kit.js'
import {
  isPrinted,
  makePlace,
  openTerminal,
  readSnippets,
  type Snippet,
  type Terminal,
} from './tutorial-kit.js'

const place = makePlace()
let network: LocalNetwork
let terminals: Terminal[] = []

beforeAll(async () => {
  network = await startLocal({
    folder: join(place.folder, '.banyan'),
    port: 0,
    isEphemeral: false,
    isLite: false,
    hasActivity: false,
    onEvent: () => undefined,
    signal: new AbortController().signal,
  })
})
afterEach(() => {
  for (const terminal of terminals) terminal.close()
  terminals = []
})
afterAll(async () => {
  await network?.stop()
  place.remove()
})

function terminal(): Terminal {
  const opened = openTerminal(place)
  terminals.push(opened)
  return opened
}

/** Does what a reader does with a snippet; the network of the tests stands for that of `npm start`. */
async function follow({ language, name, code, prints }: Snippet, { run }: Terminal): Promise<void> {
  const own = code.replaceAll('http://localhost:4400', network.origin)
  if (language !== 'sh') return place.write(name, own)
  if (name === 'start') return expect(code).toBe('npm start\n')
  const printed = await run(own)
  if (prints !== undefined && !isPrinted(prints, printed)) expect(printed).toBe(prints)
}

async function followAll(page: string, own: (code: string) => string = (code) => code): Promise<void> {
  const shell = terminal()
  const snippets = readSnippets(page)
  expect(snippets.length).toBeGreaterThan(0)
  for (const snippet of snippets) await follow({ ...snippet, code: own(snippet.code) }, shell)
}

const isFull = testTier() === 'full'

test.skipIf(!isFull).each(['tutorials/first-transfer.md', 'tutorials/first-token.md', 'rpc.md'])(
  'DOC-1: every command and program of docs/%s does what the page says',
  (page) => followAll(page),
)

test.skipIf(!isFull)(
  'DOC-1: every command of docs/tutorials/validators.md does what the page says',
  async () => {
    // Other networks of this machine have the usual ports.
    const ports = (text: string) =>
      text.replace(/\b(8545|8548|9545|9548)\b/g, (port) => String(Number(port) + 23_000))
    const shell = terminal()
    for (const snippet of readSnippets('tutorials/validators.md')) {
      await follow({ ...snippet, code: ports(snippet.code) }, shell)
      if (!snippet.code.includes('init')) continue
      for (const n of [0, 1, 2, 3]) {
        const file = `net/node-${n}/config.json`
        const moved = (port: string) => String(Number(port) + 23_000)
        const text = readFileSync(join(place.folder, file), 'utf8')
        place.write(file, text.replace(/(?<=tcp\/|Port": )\d+/g, moved))
      }
    }
  },
)

describe.skipIf(!isFull)('in a browser', () => {
  const found = findChromium()

  async function openPage(url: string): Promise<Page> {
    const browser = await chromium.launch({
      executablePath: (found as { path: string }).path,
      args: ['--no-sandbox', '--disable-gpu'],
    })
    onTestFinished(() => browser.close())
    const opened = await browser.newPage()
    opened.on('pageerror', (error) => console.error(error))
    await opened.goto(url)
    return opened
  }

  /** Follows a page up to its server, and opens what that serves. */
  async function serve(
    page: string,
  ): Promise<{ readonly opened: Page; readonly rest: Snippet[]; readonly shell: Terminal }> {
    const shell = terminal()
    const snippets = [...readSnippets(page)]
    for (;;) {
      const snippet = snippets.shift()!
      if (snippet.name === 'serve') {
        const server = terminal()
        const printed = await server.run(
          `${snippet.code.trim()} > vite.log 2>&1 &\nuntil grep -q Local: vite.log; do sleep 0.2; done\ncat vite.log`,
        )
        const url = /http:\/\/localhost:\d+/.exec(printed)![0]
        return { opened: await openPage(url), rest: snippets, shell }
      }
      await follow(snippet, shell)
    }
  }

  const otto = () => toHex(network.people.find(({ name }) => name === 'Otto')!.address)

  test('DOC-1: the page of docs/tutorials/first-page.md follows the chain, and pays', async ({ skip }) => {
    if ('reason' in found) return skip(found.reason)
    const { opened, rest, shell } = await serve('tutorials/first-page.md')
    await addPasskeyDevice({ playwright: opened })
    await opened.getByLabel('Address').fill(otto())
    const shown = opened.locator('output').first()
    await expect.poll(() => shown.textContent()).toMatch(/FIG/)
    const before = Number.parseFloat((await shown.textContent())!)
    for (const snippet of rest) await follow(snippet, shell)
    await expect.poll(async () => Number.parseFloat((await shown.textContent())!)).toBeCloseTo(before + 7)
    await opened.getByRole('button', { name: 'Make an account' }).click()
    const address = await opened.getByRole('heading', { level: 2 }).textContent()
    await shell.run(`npx banyan transfer 3 ${address} --account Mira`)
    await opened.getByText('3 FIG').waitFor()
    await opened.getByRole('button', { name: 'Give 1 FIG away' }).click()
    // The sponsor has paid the fee.
    await opened.getByText('2 FIG', { exact: true }).waitFor()
  })

  test('DOC-1: the page of docs/tutorials/prove-a-balance.md proves, and refuses what it cannot prove', async ({
    skip,
  }) => {
    if ('reason' in found) return skip(found.reason)
    const { opened, rest, shell } = await serve('tutorials/prove-a-balance.md')
    await opened.getByLabel('Address').fill(otto())
    await opened.getByRole('button').click()
    await opened.getByText(/^Proven: [\d.]+ FIG$/).waitFor()
    for (const snippet of rest) await follow(snippet, shell)
    await opened.waitForEvent('load')
    await opened.getByLabel('Address').fill(otto())
    await opened.getByRole('button').click()
    await opened.getByText('Not proven.').waitFor()
  })

  test('CON-UI-1: the command and the program that the console shows for a payment make it', async ({
    skip,
  }) => {
    if ('reason' in found) return skip(found.reason)
    const page = await openPage(`${network.origin}/wallet`)
    await actAs(page, 'Mira')
    await page.goto(`${network.origin}/wallet/send?to=Otto`)
    await page.getByLabel('Amount', { exact: true }).fill('1.5')
    await page.getByText('Show code').click()
    const [command, program] = await page.locator('figure.code pre').allTextContents()
    const { secret } = network.people.find(({ name }) => name === 'Mira')!
    const account = `import { ed25519Account } from '@banyan/sdk'\nconst account = ed25519Account('${toHex(secret)}')\n`
    place.write('shown.mjs', account + program!)
    const client = createClient({ url: network.origin })
    const before = await getBalance(client, { address: otto() })
    const shell = terminal()
    await shell.run(command!)
    await shell.run('node shown.mjs')
    expect((await getBalance(client, { address: otto() })) - before).toBe(3n * 10n ** 18n)
  })
})
