import type { Revocation } from '@banyan/central-link'
import type { CentralEvent } from '../events.js'

/** What a record took back or narrowed: verdicts and sessions of these accounts and keys that are older are void. */
export function revocationOf(sequence: number, events: readonly CentralEvent[]): Revocation | undefined {
  const accounts: string[] = []
  const keys: string[] = []
  for (const event of events) {
    switch (event.type) {
      case 'accountStateSet':
      case 'accountChanged':
      case 'sessionsEnded':
        accounts.push(event.id)
        break
      case 'keyExpirySet':
      case 'keyRevoked':
        keys.push(event.id)
        break
    }
  }
  return accounts.length + keys.length === 0 ? undefined : { sequence, accounts, keys }
}

const maxRemembered = 10_000

/** The newest revocations, for regions that were away. */
export type RevocationList = {
  readonly note: (revocation: Revocation) => void
  /** Those after a sequence; `undefined` if some of them were forgotten. */
  readonly since: (sequence: number) => readonly Revocation[] | undefined
}

export function createRevocationList(): RevocationList {
  let list: Revocation[] = []
  /** Sequence up to which nothing is remembered. */
  let forgotten = 0
  return {
    note: (revocation) => {
      list.push(revocation)
      if (list.length <= maxRemembered) return
      const kept = list.slice(-maxRemembered / 2)
      forgotten = list.at(-kept.length - 1)!.sequence
      list = kept
    },
    since: (sequence) =>
      sequence < forgotten ? undefined : list.filter((revocation) => revocation.sequence > sequence),
  }
}
