import { writeFile } from 'node:fs/promises'
import { type Hex, parseAmount, toHex } from '@banyan/base'
import { approveToken, type Client, ed25519Account, send } from '@banyan/sdk'
import { diskError } from '../folder/json-file.js'
import type { ComputePeople, Person } from '../people.js'
import type { ComputePaths } from './made.js'

/** FIG that those get who hold none: the house for what it pays, the payout account for fees. */
const gifts = { house: parseAmount('10000'), payout: parseAmount('100') }
/** FIG that the payout account may take of each who pays: what they hold bounds it. */
const consent = parseAmount('1000000')
const fig = 0

/** Those who pay let the payout account take what they owe, once for all. Errors: those of sending. */
export async function giveConsent(
  client: Client,
  people: ComputePeople,
  faucet: Person,
  signal: AbortSignal,
): Promise<void> {
  const { enterprise, house, payout } = people
  const giver = ed25519Account(faucet.secret)
  const give = (to: Person, amount: bigint) =>
    send(client, { to: addressOf(to), amount, account: giver, signal }).final
  await give(house, gifts.house)
  await give(payout, gifts.payout)
  const agree = (payer: Person) =>
    approveToken(client, {
      asset: fig,
      spender: addressOf(payout),
      amount: consent,
      account: ed25519Account(payer.secret),
      signal,
    }).final
  await Promise.all([agree(enterprise), agree(house)])
}

/** Files by which a region settles. Errors: DiskFull, DiskFailed. */
export async function writeSettlement(
  paths: ComputePaths,
  people: ComputePeople,
  origin: string,
): Promise<void> {
  const { payout, operator, house } = people
  const setting = {
    rpc: origin,
    sponsor: `${origin}/sponsor`,
    payoutKey: paths.payoutKey,
    operatorKey: paths.operatorKey,
    house: addressOf(house),
    currency: 'USD',
    // Half a dollar for one FIG.
    microPerFig: '500000',
    leastPayout: '1',
  }
  await writeSecret(paths.payoutKey, `${toHex(payout.secret)}\n`)
  await writeSecret(paths.operatorKey, `${toHex(operator.secret)}\n`)
  await writeSecret(paths.settlement, `${JSON.stringify(setting, undefined, 2)}\n`)
}

/** A file for this user alone. Errors: DiskFull, DiskFailed. */
export async function writeSecret(path: string, text: string): Promise<void> {
  await writeFile(path, text, { mode: 0o600 }).catch((error: unknown) => {
    throw diskError(error, 'write', path)
  })
}

function addressOf({ address }: Person): Hex {
  return toHex(address)
}
