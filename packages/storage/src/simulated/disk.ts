import { banyanError, fail } from '@banyan/base'
import type { Disk, DiskFile } from '../disk.js'
import { checksum } from '../node/checksum.js'
import { change, growing, losePower, type SimulatedFile, syncFile, writeAt } from './file.js'

export type DiskOperation =
  | 'lock'
  | 'create'
  | 'write'
  | 'truncate'
  | 'sync'
  | 'rename'
  | 'remove'
  | 'syncFolder'

/** A change that was not durable when the power went. */
export type Unsynced = {
  readonly operation: 'create' | 'write' | 'truncate' | 'rename' | 'remove'
  readonly file: string
  /** Bytes of a write; 1 for all other operations, which happen wholly or not at all. */
  readonly bytes: number
}

/** How much of an unsynced change survives: 0 to `change.bytes`. Asked once for each, in order for each file. */
export type Outcome = (change: Unsynced) => number

export type SimulatedDisk = {
  /** Starts the one process that may use the folder. Rejects with `FolderLocked` while another does. */
  readonly open: () => Promise<Disk>
  /** The process dies during its `point`-th operation from now on, counted from 1: the operation is unsynced. */
  readonly crashAt: (point: number) => void
  /** The `count`-th `sync` or `syncFolder` from now on fails, and what it should have made durable never is. */
  readonly failSync: (count: number) => void
  /** Most bytes in all files together. Writes beyond are partial and fail with `DiskFull`. */
  readonly setCapacity: (bytes: number) => void
  /** Inverts one bit of a file, counted from its start, as decaying media would. */
  readonly flipBit: (file: string, bit: number) => void
  /** Ends the process. What it wrote stays visible to the next one, and unsynced. */
  readonly kill: () => void
  /** Ends the process and the power: of unsynced changes survives what `outcome` says. */
  readonly powerLoss: (outcome: Outcome) => void
}

type NameChange = {
  readonly operation: 'create' | 'rename' | 'remove'
  readonly file: string
  /** Names that change; `undefined` removes one. */
  readonly names: readonly (readonly [string, SimulatedFile | undefined])[]
}

function setNames(folder: Map<string, SimulatedFile>, names: NameChange['names']): void {
  for (const [name, file] of names) {
    if (file === undefined) folder.delete(name)
    else folder.set(name, file)
  }
}

/**
 * A folder in memory that keeps apart what is durable from what merely was written. `onOperation` hears the
 * name of every operation that can be a crash point, before it happens.
 */
export function createSimulatedDisk(
  onOperation: (operation: DiskOperation, file: string) => void = () => undefined,
): SimulatedDisk {
  const path = 'simulated'
  const seen = new Map<string, SimulatedFile>()
  const durable = new Map<string, SimulatedFile>()
  let pending: NameChange[] = []
  let process = 0
  let isOpen = false
  let capacity = Number.POSITIVE_INFINITY
  let operationsLeft = Number.POSITIVE_INFINITY
  let syncsLeft = Number.POSITIVE_INFINITY

  const kill = (): void => {
    process++
    isOpen = false
    operationsLeft = Number.POSITIVE_INFINITY
  }

  /** Counts one operation of `owner`; true if it is the one during which the process dies. */
  const begin = (owner: number, operation: DiskOperation, file: string): boolean => {
    if (owner !== process) fail('DiskFailed', { operation, path: `${path}/${file}` })
    onOperation(operation, file)
    operationsLeft--
    if (operationsLeft > 0) return false
    kill()
    return true
  }

  const mutate = (owner: number, operation: DiskOperation, file: string, effect: () => void): void => {
    const dies = begin(owner, operation, file)
    effect()
    if (dies) fail('DiskFailed', { operation, path: `${path}/${file}` })
  }

  const sync = (owner: number, operation: 'sync' | 'syncFolder', file: string, lose: () => void): boolean => {
    if (begin(owner, operation, file)) fail('DiskFailed', { operation, path: `${path}/${file}` })
    syncsLeft--
    if (syncsLeft !== 0) return true
    lose()
    return fail('DiskFailed', { operation, path: `${path}/${file}` })
  }

  const rename = (operation: NameChange['operation'], file: string, names: NameChange['names']): void => {
    setNames(seen, names)
    pending.push({ operation, file, names })
  }

  const find = (file: string, operation: string): SimulatedFile =>
    seen.get(file) ?? fail('DiskFailed', { operation, path: `${path}/${file}` })

  const usedBytes = (): number => {
    let used = 0
    for (const file of seen.values()) used += file.seen.length
    return used
  }

  const handle = (owner: number, name: string, file: SimulatedFile): DiskFile => ({
    size: async () => file.seen.length,
    append: async (parts) => {
      for (const part of parts) {
        const room = Math.max(0, Math.min(part.length, capacity - usedBytes()))
        mutate(owner, 'write', name, () => change(file, 'write', file.seen.length, part.subarray(0, room)))
        if (room < part.length) fail('DiskFull', { path })
      }
    },
    sync: async () => {
      const lose = (): void => {
        for (const made of file.pending) made.lost = true
      }
      if (sync(owner, 'sync', name, lose)) syncFile(file)
    },
    read: async (offset, into) => {
      const bytes = file.seen.bytes.subarray(offset, Math.min(file.seen.length, offset + into.length))
      into.set(bytes)
      return bytes.length
    },
    truncate: async (length) =>
      mutate(owner, 'truncate', name, () => change(file, 'truncate', length, new Uint8Array(0))),
    close: async () => undefined,
  })

  const attach = (owner: number): Disk => ({
    path,
    crc32: checksum,
    list: async () => [...seen.keys()],
    create: async (name) => {
      const old = seen.get(name)
      const file = old ?? { seen: growing(), durable: growing(), pending: [] }
      mutate(owner, 'create', name, () => {
        if (old === undefined) rename('create', name, [[name, file]])
        else change(old, 'truncate', 0, new Uint8Array(0))
      })
      return handle(owner, name, file)
    },
    open: async (name) => handle(owner, name, find(name, 'open')),
    rename: async (from, to) => {
      const file = find(from, 'rename')
      mutate(owner, 'rename', from, () =>
        rename('rename', from, [
          [from, undefined],
          [to, file],
        ]),
      )
    },
    remove: async (name) => {
      find(name, 'remove')
      mutate(owner, 'remove', name, () => rename('remove', name, [[name, undefined]]))
    },
    syncFolder: async () => {
      const lose = (): void => {
        pending = []
      }
      if (!sync(owner, 'syncFolder', '', lose)) return
      for (const made of pending) setNames(durable, made.names)
      pending = []
    },
    close: async () => {
      if (owner === process) kill()
    },
  })

  const powerLoss = (outcome: Outcome): void => {
    kill()
    for (const { operation, file, names } of pending) {
      if (outcome({ operation, file, bytes: 1 }) > 0) setNames(durable, names)
    }
    pending = []
    seen.clear()
    for (const [name, file] of durable) {
      losePower(file, ({ operation, bytes }) =>
        outcome({ operation, file: name, bytes: operation === 'write' ? bytes.length : 1 }),
      )
      seen.set(name, file)
    }
  }

  return {
    open: async () => {
      if (isOpen) throw banyanError('FolderLocked', { path, pid: process })
      isOpen = true
      mutate(process, 'lock', '', () => undefined)
      return attach(process)
    },
    crashAt: (point) => {
      operationsLeft = point
    },
    failSync: (count) => {
      syncsLeft = count
    },
    setCapacity: (bytes) => {
      capacity = bytes
    },
    flipBit: (name, bit) => {
      const file = find(name, 'flipBit')
      const flipped = new Uint8Array([file.seen.bytes[bit >> 3]! ^ (1 << (bit & 7))])
      writeAt(file.seen, bit >> 3, flipped)
      writeAt(file.durable, bit >> 3, flipped)
    },
    kill,
    powerLoss,
  }
}
