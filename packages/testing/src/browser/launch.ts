import { chromium } from 'playwright-core'
import type { Bundle } from './bundle.js'
import { type BrowserPage, openPage } from './page.js'

/** A running browser without window, with a profile of its own that is deleted afterwards. */
export type TestBrowser = {
  readonly version: string
  /** The page may talk to its own site and to these origins. */
  readonly open: <Exports>(bundle: Bundle, origins?: readonly string[]) => Promise<BrowserPage<Exports>>
  /** Closes all pages and ends the browser with all its processes. */
  readonly close: () => Promise<void>
}

/** Nothing that leaves this computer. The sandbox needs rights that containers lack, and pages are our own code. */
const switches = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * Starts the Chromium at `path`. It is driven over a pipe, so it ends by itself if this process is killed.
 */
export async function launchChromium(path: string): Promise<TestBrowser> {
  const browser = await chromium.launch({ executablePath: path, headless: true, args: switches })
  const pages = new Set<BrowserPage<unknown>>()
  return {
    version: browser.version(),
    async open<Exports>(bundle: Bundle, origins: readonly string[] = []) {
      const page = await openPage<Exports>(browser, bundle, origins)
      pages.add(page)
      return page
    },
    async close() {
      for (const page of pages) await page.close()
      await browser.close()
    },
  }
}
