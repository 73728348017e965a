import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** What axe finds: WCAG 2.0 to 2.2, A and AA, and best practice. */
export async function violations(page: Page, rules?: readonly string[]): Promise<readonly string[]> {
  const axe = new AxeBuilder({ page }).setLegacyMode(true)
  const { violations: found } = await (rules === undefined ? axe : axe.withRules([...rules])).analyze()
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)
}

/** Reads a page in both themes, of which the dark one differs in its colours only, and at its narrowest. */
export async function expectGood(page: Page, text: string | RegExp): Promise<void> {
  await page.getByText(text).first().waitFor()
  expect(await violations(page)).toEqual([])
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await violations(page, ['color-contrast'])).toEqual([])
  await page.setViewportSize({ width: 320, height: 700 })
  const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
  expect(overflow).toBeLessThanOrEqual(0)
}

const themes = ['light', 'dark'] as const
const sizes = [
  { width: 1_280, height: 800 },
  { width: 320, height: 700 },
] as const

/** All that axe knows, in both themes, wide and at the narrowest, and that every control is reached by the Tab key and shows it. */
export async function expectGoodEverywhere(page: Page, text: string | RegExp): Promise<void> {
  await page.getByText(text).first().waitFor()
  for (const size of sizes) {
    await page.setViewportSize(size)
    for (const colorScheme of themes) {
      await page.emulateMedia({ colorScheme })
      expect(await violations(page), `${colorScheme}, ${size.width} px`).toEqual([])
    }
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
    expect(await unreached(page), `${size.width} px`).toEqual([])
  }
}

/** Controls that the reader sees, by their place in the page; of a group of radio buttons the one that takes the key. */
const markControls = `{
  const wanted = 'a[href], button, input, select, textarea, summary, [tabindex="0"]'
  const seen = [...document.querySelectorAll(wanted)].filter((control) => {
    const { width, height } = control.getBoundingClientRect()
    const isIdle = control.disabled || control.closest('[inert], [hidden]') !== null
    const isOther = control.type === 'radio' && !control.checked
    return width > 0 && height > 0 && !isIdle && !isOther && control.tabIndex >= 0 && control.checkVisibility()
  })
  seen.forEach((control, i) => control.setAttribute('data-control', i))
  document.activeElement?.blur()
  getSelection().removeAllRanges()
  seen.map((control) => control.outerHTML.slice(0, 160))
}`

/** Where the focus is: its number, and whether one sees that it is there. */
const tellFocus = `{
  const { activeElement: at } = document
  // Some have their ring around the frame, or around what stands for them.
  const isMarked = [at, at.parentElement, at.nextElementSibling].some((marked) => {
    if (marked === null) return false
    const { outlineStyle, outlineWidth } = getComputedStyle(marked)
    return outlineStyle !== 'none' && parseFloat(outlineWidth) > 0
  })
  const { top, bottom, left, right } = at.getBoundingClientRect()
  const isInView = bottom > 0 && right > 0 && top < innerHeight && left < innerWidth
  ;({ control: at.getAttribute('data-control'), isSeen: isInView && isMarked })
}`

/** Controls that the Tab key does not come to, or that do not show that it has. */
async function unreached(page: Page): Promise<readonly string[]> {
  const controls = (await page.evaluate(markControls)) as readonly string[]
  const missing = new Map(controls.map((html, i) => [String(i), html]))
  // A little more than there are: the browser itself has a stop, and lists that load have others.
  for (let i = 0; i < controls.length + 10 && missing.size > 0; i++) {
    await page.keyboard.press('Tab')
    const told = (await page.evaluate(tellFocus)) as {
      readonly control: string | null
      readonly isSeen: boolean
    }
    if (told.control !== null && told.isSeen) missing.delete(told.control)
  }
  return [...missing.values()]
}
