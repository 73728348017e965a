import type { Browser, Page } from 'playwright-core'
import type { Bundle } from './bundle.js'
import { serveScripts } from './serve.js'

type Arguments<Value> = Value extends (...args: infer Args) => unknown ? Args : never
type Result<Value> = Value extends (...args: never) => infer Returned ? Awaited<Returned> : never

/** A page with a bundle in it; `Exports` is the type of the bundle's entry: `typeof import('./page.js')`. */
export type BrowserPage<Exports> = {
  /**
   * Calls an exported function inside the page. Arguments and result are copied: plain values, objects, arrays,
   * bigints and typed arrays arrive as such; a Buffer does not.
   */
  readonly call: <Name extends keyof Exports & string>(
    name: Name,
    ...args: Arguments<Exports[Name]>
  ) => Promise<Result<Exports[Name]>>
  /** What went wrong in the page without failing a call: uncaught errors, refused loads. */
  readonly problems: readonly string[]
  /** For everything else that one does with a page. */
  readonly playwright: Page
  readonly close: () => Promise<void>
}

/** Serves the bundle from a site of its own and opens its page, with storage of its own. */
export async function openPage<Exports>(
  browser: Browser,
  bundle: Bundle,
  origins: readonly string[],
): Promise<BrowserPage<Exports>> {
  const site = await serveScripts(bundle.scripts, origins)
  const context = await browser.newContext()
  const page = await context.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  await page.goto(`${site.origin}/`)
  const start = `${site.origin}/${bundle.start}`
  return {
    call: (name, ...args) =>
      page.evaluate(async ([url, exported, values]) => (await import(url))[exported](...values), [
        start,
        name,
        args,
      ] as const),
    problems,
    playwright: page,
    close: async () => {
      await context.close()
      await site.close()
    },
  }
}
