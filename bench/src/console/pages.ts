import { type Browser, chromium, type Page } from 'playwright-core'

/** What was drawn in windows of equal length. */
export type Frames = {
  /** Per second, of each window. */
  readonly rates: readonly number[]
  /** Longest time between two of them in ms, of each window. */
  readonly longest: readonly number[]
}

export type Pages = {
  /** How a page comes that was never visited. */
  readonly load: (path: string) => Promise<Load>
  /** What a page draws once it is there. */
  readonly frames: (path: string) => Promise<Frames>
  readonly close: () => Promise<void>
}

/** As https://web.dev/articles/vitals defines them. */
export type Load = {
  /** Until the largest part is painted, ms. */
  readonly largestPaint: number
  /** Sum of what moved without the reader's doing. */
  readonly shift: number
}

const switches = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking']
const windowMs = 2_000
const settleMs = 3_000

/** Opens a browser for the pages of an origin; frames are counted in this many windows. */
export async function openPages(executablePath: string, origin: string, windows: number): Promise<Pages> {
  const browser = await chromium.launch({ executablePath, headless: true, args: switches })
  return {
    load: (path) => onPage(browser, origin + path, (page) => page.evaluate<Load>(readLoad)),
    frames: (path) =>
      onPage(browser, origin + path, async (page) => {
        const seen: { rate: number; longest: number }[] = []
        for (let i = 0; i < windows; i++)
          seen.push(await page.evaluate<{ rate: number; longest: number }>(countFrames))
        return { rates: seen.map(({ rate }) => rate), longest: seen.map(({ longest }) => longest) }
      }),
    close: () => browser.close(),
  }
}

async function onPage<Result>(
  browser: Browser,
  url: string,
  act: (page: Page) => Promise<Result>,
): Promise<Result> {
  const context = await browser.newContext({ viewport: { width: 1_280, height: 800 } })
  try {
    const page = await context.newPage()
    await page.goto(url)
    await page.waitForTimeout(settleMs)
    return await act(page)
  } finally {
    await context.close()
  }
}

/** In the page: the browser calls back before each frame that it draws. */
const countFrames = `new Promise((resolve) => {
  const start = performance.now()
  let last = start
  let frames = 0
  let longest = 0
  const next = () => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
    frames++
    if (now - start < ${windowMs}) requestAnimationFrame(next)
    else resolve({ rate: (frames * 1000) / (now - start), longest })
  }
  requestAnimationFrame(next)
})`

const readLoad = `new Promise((resolve) => {
  let largestPaint = 0
  let shift = 0
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) largestPaint = entry.startTime
  }).observe({ type: 'largest-contentful-paint', buffered: true })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) shift += entry.value
  }).observe({ type: 'layout-shift', buffered: true })
  setTimeout(() => resolve({ largestPaint, shift }), 300)
})`
