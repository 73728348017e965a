import { assert } from '@banyan/base'
import type { CentralEvent, JournalRecord } from './events.js'
import type { Account, ApiKey, DService, OnceToken, Region } from './records.js'

/** Everything that central knows, made from the journal alone. */
export type CentralState = {
  readonly accounts: ReadonlyMap<string, Account>
  /** Account by contact, and by wallet. */
  readonly contacts: ReadonlyMap<string, string>
  readonly wallets: ReadonlyMap<string, string>
  /** Keys that were not revoked. */
  readonly keys: ReadonlyMap<string, ApiKey>
  readonly keysOf: ReadonlyMap<string, ReadonlySet<string>>
  /** Argon2id hashes in PHC form. */
  readonly passwords: ReadonlyMap<string, string>
  /** Sessions of an account that began before this sequence have ended. */
  readonly voidBefore: ReadonlyMap<string, number>
  readonly tokens: ReadonlyMap<string, OnceToken>
  readonly dservices: ReadonlyMap<string, DService>
  readonly regions: ReadonlyMap<string, Region>
  /** Sequence of the newest record, and its term. */
  readonly sequence: () => number
  readonly term: () => number
}

export type JournalState = CentralState & {
  /** Takes in the next record of the journal. */
  readonly apply: (sequence: number, record: JournalRecord) => void
}

export function createState(): JournalState {
  const accounts = new Map<string, Account>()
  const contacts = new Map<string, string>()
  const wallets = new Map<string, string>()
  const keys = new Map<string, ApiKey>()
  const keysOf = new Map<string, Set<string>>()
  const passwords = new Map<string, string>()
  const voidBefore = new Map<string, number>()
  const tokens = new Map<string, OnceToken>()
  const dservices = new Map<string, DService>()
  const regions = new Map<string, Region>()
  let last = 0
  let term = 0

  const putAccount = (account: Account): void => {
    const before = accounts.get(account.id)
    if (before?.wallet !== undefined) wallets.delete(before.wallet)
    if (account.wallet !== undefined) wallets.set(account.wallet, account.id)
    if (account.contact !== undefined) contacts.set(account.contact, account.id)
    accounts.set(account.id, account)
  }
  const changeAccount = (id: string, changes: Partial<Account>): void => {
    const account = accounts.get(id)
    assert(account !== undefined, 'the journal changes an account that exists')
    putAccount({ ...account, ...changes })
  }
  const changeKey = (id: string, key: ApiKey | undefined): void => {
    const { account } = keys.get(id) ?? key!
    const own = keysOf.get(account) ?? new Set()
    keysOf.set(account, own)
    if (key === undefined) {
      keys.delete(id)
      own.delete(id)
    } else {
      keys.set(id, key)
      own.add(id)
    }
  }
  const dserviceOf = (name: string): DService => {
    const found = dservices.get(name)
    assert(found !== undefined, 'the journal changes a DService that exists')
    return found
  }

  const applyEvent = (event: CentralEvent, sequence: number): void => {
    switch (event.type) {
      case 'accountCreated':
        putAccount(event.account)
        break
      case 'accountChanged':
        changeAccount(event.id, event.changes)
        if (event.changes.scopes !== undefined || event.changes.tiers !== undefined)
          voidBefore.set(event.id, sequence)
        break
      case 'accountStateSet':
        changeAccount(event.id, { state: event.state, reason: event.reason })
        voidBefore.set(event.id, sequence)
        break
      case 'passwordSet':
        passwords.set(event.id, event.hash)
        voidBefore.set(event.id, sequence)
        break
      case 'sessionsEnded':
        voidBefore.set(event.id, sequence)
        break
      case 'keyCreated':
        changeKey(event.key.id, event.key)
        break
      case 'keyExpirySet':
        changeKey(event.id, { ...keys.get(event.id)!, expires: event.expires })
        break
      case 'keyRevoked':
        changeKey(event.id, undefined)
        break
      case 'tokenCreated':
        tokens.set(event.token.id, event.token)
        break
      case 'tokenUsed':
        tokens.delete(event.id)
        break
      case 'versionSubmitted': {
        const { name, developer, version } = event
        const known = dservices.get(name)
        const versions = new Map(known?.versions).set(version.release.version, version)
        dservices.set(
          name,
          known === undefined ? newDService(name, developer, versions) : { ...known, versions },
        )
        break
      }
      case 'versionStateSet': {
        const known = dserviceOf(event.name)
        const version = known.versions.get(event.version)!
        const release =
          event.authority === undefined ? version.release : { ...version.release, authority: event.authority }
        const changed = { ...version, release, state: event.state }
        dservices.set(event.name, { ...known, versions: new Map(known.versions).set(event.version, changed) })
        break
      }
      case 'termsSet':
        dservices.set(event.name, { ...dserviceOf(event.name), terms: event.terms })
        break
      case 'rolloutSet': {
        const { stable, earlier, canary } = event
        dservices.set(event.name, { ...dserviceOf(event.name), stable, earlier, canary })
        break
      }
      case 'regionSet':
        regions.set(event.region.account, event.region)
        break
      case 'promoted':
        term = event.term
        break
    }
  }

  return {
    accounts,
    contacts,
    wallets,
    keys,
    keysOf,
    passwords,
    voidBefore,
    tokens,
    dservices,
    regions,
    sequence: () => last,
    term: () => term,
    apply: (sequence, { events }) => {
      assert(sequence === last + 1, 'records of the journal come in order')
      for (const event of events) applyEvent(event, sequence)
      last = sequence
    },
  }
}

function newDService(name: string, developer: string, versions: DService['versions']): DService {
  return { name, developer, versions, terms: undefined, stable: undefined, earlier: [], canary: undefined }
}
