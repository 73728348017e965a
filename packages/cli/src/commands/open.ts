import { spawn } from 'node:child_process'
import type { Context } from '../command-spec.js'
import { networkUrl } from '../running.js'

/** Opens a page of the console with the program of this system for that, and says which. */
export async function run({ arguments: { page = '' }, settings, output }: Context): Promise<undefined> {
  const url = new URL(page, `${await networkUrl(settings)}/`).href
  const opened = process.env['BROWSER'] === 'none' ? false : await openInBrowser(url)
  output.result({ url, opened }, [opened ? `Opened ${url}` : url])
}

const programs: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ['open'],
  win32: ['explorer.exe'],
}

/** Whether a program for it was found. */
function openInBrowser(url: string): Promise<boolean> {
  const [program, ...flags] = programs[process.platform] ?? ['xdg-open']
  return new Promise((resolve) => {
    const child = spawn(program!, [...flags, url], { stdio: 'ignore', detached: true })
    child.once('error', () => resolve(false))
    child.once('spawn', () => {
      child.unref()
      resolve(true)
    })
  })
}
