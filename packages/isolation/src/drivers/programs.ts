import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { fail } from '@banyan/base'

/** Where programs of the system are looked for, whatever PATH this one has: a workload may see it in /proc. */
export const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** Looks for a program that a driver needs. Error: IsolationUnusable. */
export async function requireProgram(driver: string, program: string): Promise<void> {
  for (const folder of systemPath.split(':')) {
    const isThere = await access(join(folder, program)).then(
      () => true,
      () => false,
    )
    if (isThere) return
  }
  fail('IsolationUnusable', { driver, reason: `${program} is not installed` })
}
