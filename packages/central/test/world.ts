import { randomBytes } from 'node:crypto'
import {
  type Central,
  type Credentials,
  createAccount,
  createAttempts,
  createCredentials,
  createKey,
  createToken,
  type NewAccount,
  openCentral,
  openLogStore,
  redeemReset,
} from '@banyan/central'
import { createVault, sessionMac } from '@banyan/central/node'
import { createSessions, type Scope } from '@banyan/central-link'
import { native } from '@banyan/crypto/native'
import { createSimulatedDisk, type SimulatedDisk } from '@banyan/storage/simulated'

/** Cheap on purpose: what it costs is measured elsewhere. */
export const cheapArgon2 = { memoryCost: 64, timeCost: 1, parallelism: 1 }

export const pepper = new Uint8Array(randomBytes(32))
export const authoritySeed = new Uint8Array(32).fill(7)
export const developerSeed = new Uint8Array(32).fill(9)

export type World = {
  readonly central: Central
  readonly credentials: Credentials
  readonly clock: { now: number }
  readonly disk: SimulatedDisk
  readonly failures: unknown[]
}

/** Central on a simulated disk, with a clock that the test moves. */
export async function openWorld(
  disk: SimulatedDisk = createSimulatedDisk(),
  writes = true,
  clock = { now: 1_000_000 },
): Promise<World> {
  const vault = await createVault(pepper, cheapArgon2)
  const failures: unknown[] = []
  const central = await openCentral({
    store: await openLogStore(await disk.open(), native),
    crypto: native,
    vault,
    authorities: [native.ed25519.publicKey(authoritySeed)],
    now: () => clock.now,
    writes,
    onFailure: (error) => failures.push(error),
  })
  const credentials = createCredentials({
    state: central.state,
    vault,
    attempts: createAttempts(),
    sessions: createSessions(sessionMac(pepper)),
    now: () => clock.now,
  })
  return { central, credentials, clock, disk, failures }
}

export function addAccount(
  { central }: Pick<World, 'central'>,
  given: Partial<NewAccount> & Pick<NewAccount, 'kind'>,
) {
  const tier = given.kind === 'miner' ? ({ tier: 3 } as const) : {}
  return central.change('test', (context) => createAccount(context, { name: 'somebody', ...tier, ...given }))
}

export async function addKey(
  { central }: Pick<World, 'central'>,
  account: string,
  scopes: readonly Scope[],
  expires?: number,
): Promise<{ readonly id: string; readonly key: string }> {
  return central.change('test', (context) => createKey(context, account, scopes, expires))
}

export async function setPassword(
  { central }: Pick<World, 'central'>,
  account: string,
  password: string,
): Promise<void> {
  const { token } = await central.change('test', (context) => createToken(context, account, 'reset', 60_000))
  const hash = await (await createVault(pepper, cheapArgon2)).hashPassword(password)
  await central.change('test', (context) => redeemReset(context, token, hash))
}

/** What the maps of central hold, to compare two of them. */
export function contentsOf({ state }: Central) {
  const { accounts, contacts, wallets, keys, passwords, voidBefore, tokens, dservices, regions } = state
  const maps = { accounts, contacts, wallets, keys, passwords, voidBefore, tokens, regions }
  return {
    ...Object.fromEntries(Object.entries(maps).map(([name, map]) => [name, Object.fromEntries(map)])),
    dservices: [...dservices].map(([name, { versions, ...rest }]) => [name, rest, [...versions]]),
    sequence: state.sequence(),
  }
}
