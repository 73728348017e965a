import { type LocalNetwork, startLocal } from '@banyan/local'
import { findChromium } from '@banyan/testing/browser'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'

export type Visit = {
  readonly width?: number
  readonly theme?: 'light' | 'dark'
  /** Scripts that run in the page before its own, as extensions do. */
  readonly scripts?: readonly string[]
  /** What the browser may log: of a page about something that does not exist, that it does not. */
  readonly tolerates?: RegExp
  /** Called before the page is opened. */
  readonly prepare?: (context: BrowserContext) => Promise<void>
}

/** The console of a network that was made for the tests of a file, in one browser; both end with them. */
export type OpenConsole = {
  readonly network: () => LocalNetwork
  /** A page in a browser profile of its own. Its test fails if something goes wrong in it. */
  readonly visit: (path: string, visit?: Visit) => Promise<Page>
}

/** The sandbox needs rights that containers lack, and pages are our own. */
const switches = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking']

/** Tests are skipped, with the reason, where there is no Chromium. */
export function openConsole({
  isLite = false,
  hasCompute = false,
}: {
  readonly isLite?: boolean
  readonly hasCompute?: boolean
} = {}): OpenConsole {
  const found = findChromium()
  let network: LocalNetwork | undefined
  let browser: Browser | undefined
  let contexts: BrowserContext[] = []
  let problems: string[] = []

  beforeAll(async () => {
    if (!('path' in found)) return
    network = await startLocal({
      folder: '',
      port: 0,
      isEphemeral: true,
      isLite,
      hasCompute,
      hasActivity: false,
      onEvent: () => undefined,
      signal: new AbortController().signal,
    })
    browser = await chromium.launch({ executablePath: found.path, headless: true, args: switches })
  })
  beforeEach(({ skip }) => {
    if ('reason' in found) skip(found.reason)
  })
  afterEach(async () => {
    const opened = contexts
    const seen = problems
    contexts = []
    problems = []
    for (const context of opened) await context.close()
    expect(seen).toEqual([])
  })
  afterAll(async () => {
    await browser?.close()
    await network?.stop()
  })

  return {
    network: () => network!,
    visit: async (path, { width = 1_280, theme = 'light', scripts = [], tolerates, prepare } = {}) => {
      const viewport = { width, height: 800 }
      // Without motion, so that nothing is looked at while it is half there.
      const context = await browser!.newContext({ viewport, colorScheme: theme, reducedMotion: 'reduce' })
      contexts.push(context)
      for (const content of scripts) await context.addInitScript({ content })
      await prepare?.(context)
      const page = await context.newPage()
      page.on('pageerror', (error) => problems.push(String(error)))
      page.on('console', (message) => {
        if (message.type() === 'error' && !tolerates?.test(message.text()))
          problems.push(`${message.text()} ${message.location().url}`)
      })
      await page.goto(network!.origin + path)
      return page
    },
  }
}

/** Acts as one of the people of the network. */
export async function actAs(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name }).first().click()
  await page.getByRole('heading', { name: `${name}'s wallet` }).waitFor()
}
