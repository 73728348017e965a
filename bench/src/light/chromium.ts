import { bundleForBrowser, findChromium, launchChromium } from '@banyan/testing/browser'
import { type BenchContext, medianOf } from '../runner/benchmark.js'
import type * as Page from './page.js'
import type { Sample, Work } from './work.js'

/** Measures in Chromium; `undefined`, with the reason printed, where there is none. */
export async function openChromium({ quick }: BenchContext): Promise<
  | {
      readonly rate: (sample: Sample, name: keyof Work, count: number) => Promise<number>
      readonly close: () => Promise<void>
    }
  | undefined
> {
  const found = findChromium()
  if ('reason' in found) {
    console.error(`Nothing is measured in a browser: ${found.reason}.`)
    return undefined
  }
  const browser = await launchChromium(found.path)
  const page = await browser.open<typeof Page>(await bundleForBrowser(new URL('./page.js', import.meta.url)))
  return {
    rate: async (sample, name, count) => {
      const rates: number[] = []
      for (let i = 0; i < (quick ? 3 : 7); i++) rates.push(await page.call('rate', sample, name, count))
      return medianOf(rates)
    },
    close: browser.close,
  }
}
