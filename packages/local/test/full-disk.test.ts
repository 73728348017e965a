import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startLocal } from '@banyan/local'
import { smallDiskReason, useSmallDisk } from '@banyan/testing/cluster'
import { expect, test } from 'vitest'

const noDisk = smallDiskReason()
if (noDisk !== undefined) console.warn(`Full disks are not tried: ${noDisk}.`)

test.skipIf(noDisk !== undefined)(
  'QLT-1: a full disk is told as such, and nothing half made is left',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'banyan-full-'))
    const disk = await useSmallDisk(folder)
    try {
      await disk.fill(24_000)
      const started = startLocal({
        folder: join(folder, 'state'),
        port: 0,
        isEphemeral: false,
        hasActivity: false,
        onEvent: () => undefined,
        signal: new AbortController().signal,
      })
      await expect(started).rejects.toMatchObject({ kind: 'DiskFull' })
      expect(readdirSync(join(folder, 'state')).sort()).toEqual(['.gitignore', 'logs'])
    } finally {
      disk.unmount()
      rmSync(folder, { recursive: true })
    }
  },
)
