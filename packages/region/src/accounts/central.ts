import { BanyanError } from '@banyan/base'
import { dserviceNameForm, onceForm, type RegionStatus } from '@banyan/central-link'
import type { RegionLink, RegionLinkEvent } from '@banyan/central-link/node'
import { dealOf, serviceTerms } from '../charges/terms.js'
import { tiers } from '../core/index.js'
import type { Region } from '../region.js'
import type { Accounts, Subscriber } from './port.js'

/** The port over a link, and what hears the link's events. */
export type CentralAccounts = {
  readonly accounts: Accounts
  /** For `onEvent` of the link. */
  readonly onEvent: (event: RegionLinkEvent) => void
}

const maxKnown = 100_000
/** As many as one line of the journal can hold differences of. */
const maxSubscribers = 10_000

/**
 * Accounts that central keeps; `region` is the region's own. The region bounds guesses by address itself, so central is told none. A key that is revoked ends all sessions of its account.
 */
export function centralAccounts(link: () => RegionLink, region: string): CentralAccounts {
  const listeners: ((ids: ReadonlySet<string> | undefined) => void)[] = []
  /** Account of a key that was let in, by the ids with which central takes it back. */
  const known = new Map<string, string>()
  const tell = (ids: ReadonlySet<string> | undefined): void => {
    for (const listener of listeners) listener(ids)
  }
  const remember = (id: string, account: string): void => {
    if (known.size >= maxKnown) {
      known.clear()
      tell(undefined)
    }
    known.set(id, account)
  }

  return {
    accounts: {
      client: (key) =>
        unlessRefused(async () => {
          const { account, key: id, scopes, tiers: allowed, wallet, deal } = await link().checkKey(key, '')
          remember(id, account)
          return { account, scopes, tiers: allowed, wallet, deal: dealOf(deal, region) }
        }),
      miner: (id, key) =>
        unlessRefused(async () => {
          const { miner, tier, key: keyId, wallet } = await link().admitMiner(id, key, '')
          remember(keyId, miner)
          return { miner, tier, wallet }
        }),
      redeem: (token) =>
        unlessRefused(async () => {
          if (!onceForm.safeParse(token).success) return undefined
          const { miner, key } = await link().redeem(token, '')
          return { miner, key }
        }),
      service: (name) =>
        unlessRefused(async () =>
          // Others are in no registry.
          dserviceNameForm.safeParse(name).success ? serviceTerms(await link().service(name)) : undefined,
        ),
      subscribers: async () => {
        const all: Subscriber[] = []
        for (let last = ''; ; ) {
          const { subscriptions } = await link().subscriptions(last)
          const page = subscriptions.map(({ account: _, perMonth, ...rest }) => ({
            ...rest,
            perMonth: BigInt(perMonth),
          }))
          all.push(...page)
          if (page.length === 0 || all.length >= maxSubscribers) return all
          last = subscriptions.at(-1)!.account
        }
      },
      onRevoked: (listener) => listeners.push(listener),
    },
    onEvent: (event) => {
      if (event.kind === 'reset') tell(undefined)
      if (event.kind !== 'revoked') return
      const ids = new Set(event.accounts)
      for (const key of event.keys) {
        const account = known.get(key)
        if (account !== undefined) ids.add(account)
        known.delete(key)
      }
      tell(ids)
    },
  }
}

async function unlessRefused<Account>(ask: () => Promise<Account | undefined>): Promise<Account | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (
      error instanceof BanyanError &&
      (error.kind === 'CredentialsRefused' || error.kind === 'TokenRefused')
    )
      return undefined
    throw error
  }
}

/** What central is told of a region: places for each DService and tier, and how many of them are taken or waited for. */
export function reportOf({ broker }: Region): RegionStatus {
  const rows = new Map<string, RegionStatus['services'][number]>()
  for (const miner of broker.miners.values()) {
    if (miner.offer.draining) continue
    for (const { offer, active } of miner.slots.values()) {
      // Others are in no registry.
      if (!dserviceNameForm.safeParse(offer.name).success) continue
      const id = `${offer.name} ${miner.tier}`
      const row = rows.get(id) ?? { name: offer.name, tier: miner.tier, capacity: 0, demand: 0 }
      rows.set(id, { ...row, capacity: row.capacity + offer.concurrency, demand: row.demand + active })
    }
  }
  const queued = tiers.reduce((sum, tier) => sum + broker.tiers.get(tier)!.queue.depth, 0)
  return { healthy: !broker.draining, queued, services: [...rows.values()].slice(0, 512) }
}
