/**
 * What central has taken back. Everything is numbered by central's journal: what was granted at a sequence is void if its account, its
 * enterprise or its key was taken back at a later one. So no clocks are compared, and a replica that is behind cannot bring a key back.
 */
export type Revocations = {
  /** Sequence of the newest revocation that is known; `undefined` before the first link. */
  readonly seen: () => number | undefined
  readonly note: (sequence: number, accounts: readonly string[], keys: readonly string[]) => void
  /** Everything that was granted before `sequence` is void: there were too many revocations to tell, or to remember. */
  readonly reset: (sequence: number) => void
  readonly isVoid: (granted: Granted) => boolean
}

export type Granted = {
  readonly account: string
  readonly parent?: string | undefined
  readonly key: string
  readonly sequence: number
}

const maxRemembered = 100_000

export function createRevocations(): Revocations {
  const sequences = new Map<string, number>()
  let seen: number | undefined
  let resetAt = 0

  const reset = (sequence: number): void => {
    seen = Math.max(seen ?? 0, sequence)
    resetAt = Math.max(resetAt, sequence)
    sequences.clear()
  }
  return {
    seen: () => seen,
    note: (sequence, accounts, keys) => {
      for (const id of [...accounts, ...keys]) sequences.set(id, Math.max(sequences.get(id) ?? 0, sequence))
      seen = Math.max(seen ?? 0, sequence)
      if (sequences.size > maxRemembered) reset(sequence)
    },
    reset,
    isVoid: ({ account, parent, key, sequence }) =>
      sequence < resetAt || [account, key, parent ?? ''].some((id) => sequence < (sequences.get(id) ?? 0)),
  }
}
