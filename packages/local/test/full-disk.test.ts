import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startLocal } from '@banyan/local'
import { testTier } from '@banyan/testing'
import { smallDiskReason, useSmallDisk } from '@banyan/testing/cluster'
import { expect, test, vi } from 'vitest'

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

test.skipIf(noDisk !== undefined || testTier() !== 'full')(
  'QLT-1: a disk that fills up while the network runs is told with what helps, and once there is room all goes on',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'banyan-full-'))
    const disk = await useSmallDisk(folder)
    const network = await startLocal({
      folder: join(folder, 'state'),
      port: 0,
      isEphemeral: false,
      hasActivity: true,
      onEvent: () => undefined,
      signal: new AbortController().signal,
    })
    const patience = { timeout: 60_000, interval: 20 }
    try {
      await disk.fill(0)
      await vi.waitFor(async () => {
        const { parts } = await network.status()
        expect(parts.find(({ problem }) => problem !== null)).toMatchObject({
          state: 'restarting',
          problem: {
            code: 'BYN-1500',
            message: expect.stringContaining(`No space is left on the disk that holds ${folder}`),
            fix: expect.stringContaining('Free space'),
          },
        })
      }, patience)
      await disk.free()
      await vi.waitFor(async () => {
        const { parts } = await network.status()
        expect(parts.filter(({ state, problem }) => state !== 'ready' || problem !== null)).toEqual([])
      }, patience)
    } finally {
      await network.stop()
      disk.unmount()
      rmSync(folder, { recursive: true })
    }
  },
)
