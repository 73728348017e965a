import { toHex } from '@banyan/base'
import { native } from '@banyan/crypto/native'
import type { Release } from '@banyan/dservice'
import type { ComputePeople, Person } from '../people.js'
import { type AskCentral, askCentral } from './ask-central.js'
import type { Made } from './made.js'

/** Prices in millionths of a dollar, for each tier; shares in ten-thousandths. */
const priceOf = (tier: 3 | 4, factor: bigint) => ({
  tier,
  perRequest: String(200n * factor),
  perCpuHour: String(60_000n * factor),
  perGpuHour: '0',
  perGigabyte: String(90_000n * factor),
})
const terms = {
  currency: 'USD',
  prices: [priceOf(3, 2n), priceOf(4, 1n)],
  contributor: 6_000,
  developer: 1_500,
  charities: {},
}

/** What `banyan-central` says when it works. */
export type CentralReady = { readonly api: string; readonly publicKey: string }

/** Makes the accounts of all who compute, and publishes a release with its terms. Error: ComputeUnmade. */
export async function makeAccounts(
  { api, publicKey }: CentralReady,
  adminKey: string,
  people: ComputePeople,
  release: Release,
): Promise<Made> {
  const ask = askCentral(api, adminKey)
  const { enterprise, operator, developer, contributors } = people
  const accountOf = async (person: Person, kind: string, name: string, scope: string, more: object = {}) => {
    const account = { kind, name, wallet: toHex(person.address), ...more }
    const { id } = await ask<{ id: string }>('/v1/accounts', account)
    return keyOf(ask, id, scope)
  }
  const region = await accountOf(operator, 'region', 'Otto’s region', 'link')
  const ines = await accountOf(developer, 'developer', 'Ines', 'develop', {
    developerKey: toHex(native.ed25519.publicKey(developer.secret)),
  })
  const made: Made = {
    version: 1,
    central: publicKey,
    enterprise: await accountOf(enterprise, 'enterprise', 'Mira’s bakery', 'work', { tiers: [4, 3] }),
    region,
    operator: await keyOf(ask, region.account, 'operate'),
    developer: ines,
    // Neither runs in an environment that somebody vouches for.
    miners: [
      await accountOf(contributors[0], 'miner', 'Jun’s computer', 'join', { tier: 4 }),
      await accountOf(contributors[1], 'miner', 'Theo’s computer', 'join', { tier: 4 }),
    ],
    dservice: `${release.name}@${release.version}`,
  }
  await publish(ask, askCentral(api, ines.key), release)
  return made
}

async function keyOf(ask: AskCentral, account: string, scope: string) {
  const { key } = await ask<{ key: string }>(`/v1/accounts/${account}/keys`, { scopes: [scope] })
  return { account, key }
}

/** The developer submits, an admin certifies with the signature of the authority and publishes. */
async function publish(ask: AskCentral, asDeveloper: AskCentral, release: Release): Promise<void> {
  const { authority, ...submitted } = release
  const place = `/v1/dservices/${release.name}`
  await asDeveloper('/v1/dservices', {
    release: submitted,
    comparator: 'bytes',
    estimator: false,
    verifier: false,
  })
  await ask(`${place}/versions/${release.version}/certify`, authority!)
  await ask(`${place}/terms`, terms)
  await ask(`${place}/versions/${release.version}/publish`, {})
}
