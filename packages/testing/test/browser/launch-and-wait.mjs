// Starts Chromium, opens a page, prints its version, and waits to be killed.
import { findChromium, launchChromium } from '@banyan/testing/browser'

const browser = await launchChromium(findChromium().path)
await browser.open({ start: 'start.js', scripts: new Map(), modules: [] })
console.log(browser.version)
