import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Journal, openJournal, type WorkRecord } from '@banyan/region'
import { expect, test } from 'vitest'

/** A record that takes some room, so that thousands fill a file. */
const recordOf = (endedAt: number): WorkRecord =>
  ({ id: String(endedAt), account: 'x'.repeat(6_000), endedAt }) as WorkRecord

async function idsOf(journal: Journal): Promise<readonly number[]> {
  const ids: number[] = []
  for await (const { records } of journal.read(1)) ids.push(...records.map(({ id }) => Number(id)))
  return ids
}

test('BIL-9: a journal drops files whose records all ended before a time, and goes on over restarts', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'banyan-journal-'))
  const failed = (error: unknown): never => {
    throw error
  }
  let journal = await openJournal(folder, failed)
  const count = 6_500
  for (let at = 1; at <= count; at++) journal.add(recordOf(at), () => undefined)
  await journal.settled()
  await journal.dropBefore(3_000)
  expect(await idsOf(journal)).toHaveLength(count)
  await journal.dropBefore(count)
  const kept = await idsOf(journal)
  expect(kept.length).toBeLessThan(count / 2)
  expect(kept.at(-1)).toBe(count)
  expect((await readdir(folder)).filter((name) => name.endsWith('.log'))).toHaveLength(1)
  journal.add(recordOf(count + 1), () => undefined)
  await journal.close()

  journal = await openJournal(folder, failed)
  expect(await idsOf(journal)).toEqual([...kept, count + 1])
  await journal.close()
  await rm(folder, { recursive: true })
})
