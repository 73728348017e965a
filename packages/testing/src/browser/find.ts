import { accessSync, constants } from 'node:fs'

/** Where systems put Chromium, or a browser built on it. */
const wellKnownPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/opt/homebrew/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
]

/** Path of the program, or why there is none. */
export type FoundChromium = { readonly path: string } | { readonly reason: string }

/**
 * Finds Chromium: BANYAN_CHROMIUM names it, else it is looked for in well-known places. Throws if BANYAN_CHROMIUM names
 * no program: whoever asks for a browser must not be told that tests passed without it.
 */
export function findChromium(places: readonly string[] = wellKnownPlaces): FoundChromium {
  const named = process.env['BANYAN_CHROMIUM']
  if (named !== undefined) {
    if (!isProgram(named)) throw new Error(`BANYAN_CHROMIUM is "${named}"; that is no program`)
    return { path: named }
  }
  const path = places.find(isProgram)
  return path === undefined
    ? { reason: 'no Chromium was found; install it, or name its program in BANYAN_CHROMIUM' }
    : { path }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
