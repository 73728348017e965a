import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { openLog } from '@banyan/storage'
import { openNodeDisk } from '@banyan/storage/node'
import { expect, test } from 'vitest'
import { all } from './workload.js'

const program = fileURLToPath(new URL('appender.mjs', import.meta.url))

/** Runs the appender until it has acknowledged `count` records, then kills it; returns the highest it told. */
async function appendAndKill(folder: string, count: number): Promise<number> {
  const child = spawn(process.execPath, [program, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  let told = 0
  let highest = 0
  for await (const line of createInterface({ input: child.stdout })) {
    highest = Math.max(highest, Number(line))
    told++
    if (told === count) {
      await expect(openNodeDisk(folder)).rejects.toMatchObject({
        kind: 'FolderLocked',
        details: { pid: child.pid },
      })
      child.kill('SIGKILL')
    }
  }
  await exited
  return highest
}

test('LED-9/QLT-5: a process killed while it appends to a real disk loses nothing it acknowledged', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'banyan-kill-'))
  let before = 0
  for (const count of [1, 7, 40, 75, 111]) {
    const highest = await appendAndKill(folder, count)
    expect(highest).toBeGreaterThan(before)
    const disk = await openNodeDisk(folder)
    const log = await openLog(disk, {
      name: 'blocks',
      identity: new Uint8Array(32).fill(7),
      segmentBytes: 4096,
      maxRecordBytes: 1000,
    })
    const records = await all(log.readFrom(1))
    expect(records.length).toBeGreaterThanOrEqual(highest)
    expect(records.map((record) => record.sequence)).toEqual(records.map((_, at) => at + 1))
    for (const { payload } of records) expect([payload.length, payload[0], payload[249]]).toEqual([250, 1, 2])
    before = await log.append([new Uint8Array(50).fill(1), new Uint8Array(200).fill(2)])
    await log.close()
    await disk.close()
  }
  await rm(folder, { recursive: true })
})
