import { mkdir } from 'node:fs/promises'
import type { ErrorName } from '@banyan/base'
import type { Disk } from '@banyan/storage'
import { openNodeDisk } from '@banyan/storage/node'
import type { Payer } from '../charges/charging.js'
import type { JobState, WorkOrder } from '../core/index.js'
import { type JobFile, makeJobFile, readJobFile } from './job-file.js'

/** A job as it was accepted. */
export type StoredJob = {
  readonly order: WorkOrder
  /** Whoever pays; its deal as `encodeJson` has it. */
  readonly payer: Omit<Payer, 'deal'> & { readonly deal: string }
  readonly method: string
  readonly path: string
  readonly headers: readonly string[]
  readonly webhook: string | undefined
  readonly secret: string
  /** Milliseconds since 1970. */
  readonly acceptedAt: number
  /** Where the region's journal ended then: a record of the job comes after it. */
  readonly position: number
}

/** What became of a job. */
export type StoredEnd = {
  readonly state: Exclude<JobState, 'running'>
  /** Of its answer, if it has one. */
  readonly status: number | undefined
  readonly headers: readonly string[]
  readonly error: ErrorName | undefined
  readonly endedAt: number
}

export type FoundJob = {
  readonly job: StoredJob
  readonly end: StoredEnd | undefined
  /** Whether its webhook was called. */
  readonly isCalled: boolean
}

/**
 * Jobs on disk, so that they survive a restart of their region: a file for the request, one for what became of it, one that says that its
 * webhook was called. Errors of all: DiskFull, DiskFailed.
 */
export type JobStore = {
  /** Resolves when the job is durable. */
  readonly begin: (job: StoredJob, body: readonly Uint8Array[]) => Promise<void>
  /** Resolves when its end is durable; of a job that was not begun, nothing is kept. */
  readonly end: (id: string, end: StoredEnd, body: readonly Uint8Array[]) => Promise<void>
  readonly called: (id: string) => Promise<void>
  readonly forget: (id: string) => Promise<void>
  /** Whether a job is durable, or is about to be. */
  readonly has: (id: string) => boolean
  /** Body of its request. */
  readonly request: (id: string) => Promise<Uint8Array | undefined>
  /** What became of it, with the body of its answer. */
  readonly answer: (id: string) => Promise<JobFile<StoredEnd> | undefined>
  readonly close: () => Promise<void>
}

/** Opens the folder, and gives the jobs that are there. What a crash has left of a job that nobody was told of is removed. */
export async function openJobStore(
  folder: string,
): Promise<{ readonly store: JobStore; readonly found: readonly FoundJob[] }> {
  // Requests of others, perhaps with their secrets.
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch(() => undefined)
  const disk = await openNodeDisk(folder)
  const found = await load(disk)
  const known = new Set(found.map(({ job }) => job.order.id))
  const ended = new Set(found.flatMap(({ job, end }) => (end === undefined ? [] : [job.order.id])))
  /** What happens to one job happens in turn. */
  const turns = new Map<string, Promise<void>>()

  const inTurn = (id: string, work: () => Promise<void>): Promise<void> => {
    const done = (turns.get(id) ?? Promise.resolve()).then(work)
    const settled = done
      .catch(() => undefined)
      .then(() => {
        if (turns.get(id) === settled) turns.delete(id)
      })
    turns.set(id, settled)
    return done
  }
  const write = async (name: string, parts: readonly Uint8Array[]): Promise<void> => {
    const file = await disk.create(name)
    try {
      await file.append(parts)
      await file.sync()
    } finally {
      await file.close()
    }
    await disk.syncFolder()
  }

  return {
    found,
    store: {
      begin: (job, body) => {
        const { id } = job.order
        known.add(id)
        return inTurn(id, () => write(`${id}.job`, makeJobFile(job, body)))
      },
      end: (id, end, body) =>
        inTurn(id, async () => {
          if (!known.has(id)) return
          await write(`${id}.end`, makeJobFile(end, body))
          ended.add(id)
        }),
      called: (id) =>
        inTurn(id, async () => {
          if (known.has(id)) await write(`${id}.called`, [])
        }),
      forget: (id) =>
        inTurn(id, async () => {
          if (!known.delete(id)) return
          ended.delete(id)
          // The request goes first: what is left after a crash belongs to nobody.
          for (const part of ['job', 'end', 'called'])
            await disk.remove(`${id}.${part}`).catch(() => undefined)
        }),
      has: (id) => known.has(id),
      request: async (id) => (known.has(id) ? (await readJobFile(disk, `${id}.job`))?.body : undefined),
      answer: async (id) => (ended.has(id) ? readJobFile(disk, `${id}.end`) : undefined),
      close: async () => {
        while (turns.size > 0) await Promise.all(turns.values())
        await disk.close()
      },
    },
  }
}

async function load(disk: Disk): Promise<readonly FoundJob[]> {
  const names = new Set(await disk.list())
  const found: FoundJob[] = []
  for (const name of [...names].sort()) {
    const id = name.split('.')[0]!
    const isPart = name.endsWith('.end') || name.endsWith('.called')
    const job = name.endsWith('.job') ? (await readJobFile<StoredJob>(disk, name))?.head : undefined
    if (job !== undefined) {
      const end = names.has(`${id}.end`) ? (await readJobFile<StoredEnd>(disk, `${id}.end`))?.head : undefined
      found.push({ job, end, isCalled: names.has(`${id}.called`) })
    } else if (!isPart || !names.has(`${id}.job`)) await disk.remove(name)
  }
  return found
}
