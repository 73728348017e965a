import { spawn } from 'node:child_process'

/** Programs of systems that open an address. */
const programs: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ['open'],
  win32: ['explorer.exe'],
}

/** Opens a page. Whether a program for that was found; BROWSER=none means that none is wanted. */
export async function openInBrowser(url: string): Promise<boolean> {
  if (process.env['BROWSER'] === 'none') return false
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
