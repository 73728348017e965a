import { openInBrowser } from '../browser.js'
import type { Context } from '../command-spec.js'
import { networkUrl } from '../running.js'

/** Opens a page of the console with the program of this system for that, and says which. */
export async function run({ arguments: { page = '' }, settings, output }: Context): Promise<undefined> {
  const url = new URL(page, `${await networkUrl(settings)}/`).href
  const opened = await openInBrowser(url)
  output.result({ url, opened }, [opened ? `Opened ${url}` : url])
}
