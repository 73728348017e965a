import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hex } from '@banyan/base'
import { startLocal } from '@banyan/local'
import { createClient, ed25519Account, getBalance, send } from '@banyan/sdk'
import { smallDiskReason, useSmallDisk } from '@banyan/testing/cluster'
import { expect, test } from 'vitest'

const noDisk = smallDiskReason()
if (noDisk !== undefined) console.warn(`Full disks are not tried: ${noDisk}.`)

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 50))
}

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

test.skipIf(noDisk !== undefined)(
  'QLT-1, QLT-5: a disk that fills up while the network runs is told as such; once there is room, it goes on',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'banyan-filling-'))
    const disk = await useSmallDisk(folder)
    const outcomes: string[] = []
    const network = await startLocal({
      folder: join(folder, 'state'),
      port: 0,
      isEphemeral: false,
      isLite: true,
      hasActivity: false,
      onEvent: (event) => {
        if (event.kind === 'state' && event.state === 'restarting') outcomes.push(event.detail)
      },
      signal: new AbortController().signal,
    })
    try {
      const [part] = network.supervisor.parts
      const client = createClient({ url: network.origin })
      const account = ed25519Account(network.people[0]!.secret)
      const to: Hex = `0x${'79'.repeat(20)}`
      const spent: Hex = `0x${'7a'.repeat(20)}`
      await send(client, { to, amount: 5n, account }).final
      await disk.fill(0)
      // Files have room for a while yet, which payments use up.
      while (outcomes.length === 0)
        await send(client, { to: spent, amount: 1n, account }).submitted.catch(() => undefined)
      expect(outcomes[0]).toMatch(/^ended with code/)
      expect(part!.lines(200).join('\n')).toMatch(/No space is left on the disk/)
      await disk.free()
      await until(() => part!.state() === 'ready')
      await send(client, { to, amount: 7n, account }).final
      expect(await getBalance(client, { address: to })).toBe(12n)
    } finally {
      await network.stop()
      disk.unmount()
      rmSync(folder, { recursive: true })
    }
  },
)
