import { BanyanError, fail } from '@banyan/base'
import { type LinkAnswer, maxListed, type Query, type Refusal } from '@banyan/central-link'
import { type Dialling, dialRegion } from '@banyan/central-link/node'
import type { Central } from '../central.js'
import { redeemJoin } from '../change/credentials.js'
import type { Attempts } from '../check/attempts.js'
import type { Credentials } from '../check/credentials.js'
import type { Region } from '../records.js'
import type { Statuses } from '../select/statuses.js'
import type { CentralState } from '../state.js'
import { secretId } from '../vault.js'

export type LinkParts = {
  readonly central: Central
  readonly credentials: Credentials
  readonly attempts: Attempts
  readonly statuses: Statuses
  /** Seed of the key by which regions know central, 32 bytes. */
  readonly seed: Uint8Array
  readonly now: () => number
  readonly onLink: (region: string, state: 'ready' | 'lost', error?: BanyanError) => void
  readonly onAnswer: (kind: Query['kind'], outcome: 'good' | Refusal) => void
}

export type Links = {
  /** Regions that are connected and have shown their key. */
  readonly ready: () => readonly string[]
  readonly writerChanged: () => void
  readonly close: () => void
}

type Kept = { readonly region: Region; readonly dialling: Dialling }

/** Links to all regions of the directory whose account is active: central dials, and never listens for them. */
export function openLinks(parts: LinkParts): Links {
  const { central, statuses, now } = parts
  const kept = new Map<string, Kept>()
  const { state } = central

  const dial = (region: Region): Kept => ({
    region,
    dialling: dialRegion({
      target: { region: region.account, url: region.link, fingerprint: region.fingerprint },
      seed: parts.seed,
      isRegion: parts.credentials.isRegion,
      position: () => ({ sequence: state.sequence(), writer: central.isWriter() }),
      revokedSince: central.revokedSince,
      answer: (query) => answer(parts, region.account, query),
      onReport: (status) => statuses.note(region.account, status, now()),
      onState: (linkState, error) => parts.onLink(region.account, linkState, error),
    }),
  })

  const refresh = (): void => {
    for (const [id, { region, dialling }] of kept) {
      if (state.regions.get(id) === region && state.accounts.get(id)!.state === 'active') continue
      dialling.close()
      kept.delete(id)
    }
    for (const [id, region] of state.regions) {
      if (!kept.has(id) && state.accounts.get(id)!.state === 'active') kept.set(id, dial(region))
    }
  }

  refresh()
  const endRecords = central.onRecord((_, revocation) => {
    if (revocation !== undefined) for (const { dialling } of kept.values()) dialling.revoked(revocation)
    refresh()
  })

  return {
    ready: () => [...kept].filter(([, { dialling }]) => dialling.isReady()).map(([id]) => id),
    writerChanged: () => {
      for (const { dialling } of kept.values()) dialling.writerChanged()
    },
    close: () => {
      endRecords()
      for (const { dialling } of kept.values()) dialling.close()
    },
  }
}

async function answer(
  parts: LinkParts,
  region: string,
  query: Query,
): Promise<{ readonly answer: LinkAnswer | Refusal; readonly sequence: number }> {
  const sequence = parts.central.state.sequence()
  try {
    const found = await decide(parts, region, query)
    parts.onAnswer(query.kind, 'good')
    return { answer: found, sequence }
  } catch (error) {
    const refusal = refusalOf(error)
    parts.onAnswer(query.kind, refusal)
    return { answer: refusal, sequence }
  }
}

async function decide(
  { central, credentials, attempts, now }: LinkParts,
  region: string,
  query: Query,
): Promise<LinkAnswer> {
  // A region that lies about addresses uses up its own; one that bounds guesses by address itself gives none.
  const address = `${region} ${query.address === '' ? subjectOf(query) : query.address}`
  switch (query.kind) {
    case 'key':
      return credentials.checkKey(query.key, address)
    case 'join':
      return credentials.checkJoin({ ...query, address })
    case 'redeem': {
      const subject = subjectOf(query)
      attempts.begin(address, subject, now())
      const redeemed = await central.change(region, (context) => redeemJoin(context, query.token))
      attempts.succeeded(address, subject)
      return { kind: 'redeem', ...redeemed }
    }
    case 'service':
      return serviceAnswer(central.state, query.name)
    case 'subscriptions':
      return subscriptionsAnswer(central.state, region, query.after)
  }
}

/** Subscriptions of a region whose accounts are active. */
function subscriptionsAnswer({ accounts }: CentralState, region: string, after: string): LinkAnswer {
  const subscriptions = [...accounts.values()]
    .flatMap(({ id: account, wallet, deal, state }) =>
      deal?.kind === 'subscription' && deal.region === region && wallet !== undefined && state === 'active'
        ? [{ account, wallet, perMonth: deal.perMonth, since: deal.since }]
        : [],
    )
    .filter(({ account }) => account > after)
    .sort((a, b) => (a.account < b.account ? -1 : 1))
    .slice(0, maxListed)
  return { kind: 'subscriptions', subscriptions }
}

/** Error: CredentialsRefused: a DService that is unknown is nothing that a region may charge for. */
function serviceAnswer({ dservices, accounts }: CentralState, name: string): LinkAnswer {
  const { terms, developer, stable, canary } = dservices.get(name) ?? fail('CredentialsRefused')
  const wallet = accounts.get(developer)?.wallet
  return {
    kind: 'service',
    name,
    ...(terms === undefined ? {} : { terms }),
    ...(wallet === undefined ? {} : { wallet }),
    ...(stable === undefined ? {} : { stable }),
    ...(canary === undefined ? {} : { canary }),
  }
}

/** Id of what somebody would guess the secret of. */
function subjectOf(query: Query): string {
  switch (query.kind) {
    case 'key':
      return secretId('key', query.key)!
    case 'join':
      return query.miner
    case 'redeem':
      return secretId('join', query.token) ?? ''
    case 'service':
      return query.name
    case 'subscriptions':
      return ''
  }
}

function refusalOf(error: unknown): Refusal {
  if (!(error instanceof BanyanError)) throw error
  switch (error.kind) {
    case 'CredentialsRefused':
    case 'TokenRefused':
      return 'refused'
    case 'AttemptsExhausted':
      return 'attempts'
    case 'NotWriter':
      return 'writer'
    default:
      return 'busy'
  }
}
