import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import type { Bundle } from './bundle.js'
import { findChromium } from './find.js'
import { launchChromium, type TestBrowser } from './launch.js'
import type { BrowserPage } from './page.js'

/**
 * Gives the tests of a file, or of the `describe` in which it is called, a browser: started before the first of them,
 * closed after the last one. Where there is no Chromium they are skipped, with the reason. Each opened page is closed
 * with its test, which fails if something went wrong in the page but for what `tolerates` names.
 */
export function useBrowser({ tolerates }: { readonly tolerates?: RegExp } = {}): Pick<TestBrowser, 'open'> {
  const found = findChromium()
  let browser: TestBrowser | undefined
  let pages: BrowserPage<unknown>[] = []

  beforeAll(async () => {
    if ('path' in found) browser = await launchChromium(found.path)
  })
  beforeEach(({ skip }) => {
    if ('reason' in found) skip(found.reason)
  })
  afterEach(async () => {
    const opened = pages
    pages = []
    for (const page of opened) await page.close()
    const found = opened.flatMap(({ problems }) => problems)
    expect(found.filter((problem) => !tolerates?.test(problem))).toEqual([])
  })
  afterAll(async () => {
    await browser?.close()
  })

  return {
    async open<Exports>(bundle: Bundle, origins: readonly string[] = []) {
      const page = await browser!.open<Exports>(bundle, origins)
      pages.push(page)
      return page
    },
  }
}
