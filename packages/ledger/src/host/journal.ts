import { assert } from '@banyan/base'

/** Undo log over maps. Reverting a key's first write also removes it, so insertion order is order of first write. */
export type Journal = {
  readonly set: <Key, Value>(map: Map<Key, Value>, key: Key, value: Value) => void
  readonly begin: () => void
  readonly commit: () => void
  readonly revert: () => void
}

export function createJournal(): Journal {
  const undo: (() => void)[] = []
  const checkpoints: number[] = []

  const close = (): number => {
    const checkpoint = checkpoints.pop()
    assert(checkpoint !== undefined, 'a checkpoint is open')
    return checkpoint
  }

  return {
    set: (map, key, value) => {
      if (checkpoints.length > 0) {
        const previous = map.get(key)
        undo.push(previous === undefined ? () => map.delete(key) : () => map.set(key, previous))
      }
      map.set(key, value)
    },
    begin: () => {
      checkpoints.push(undo.length)
    },
    commit: () => {
      close()
      if (checkpoints.length === 0) undo.length = 0
    },
    revert: () => {
      const checkpoint = close()
      while (undo.length > checkpoint) undo.pop()!()
    },
  }
}
