import { fail } from '@banyan/base'

/** Refuses a file with a secret unless its owner alone may read and write it. `mode`: as `stat` tells it. Error: KeyFileExposed. */
export function requireOwnerAlone(path: string, mode: number): void {
  // Windows has no such modes.
  if (process.platform === 'win32') return
  if ((mode & 0o077) !== 0)
    fail('KeyFileExposed', { path, mode: (mode & 0o777).toString(8).padStart(3, '0') })
}
