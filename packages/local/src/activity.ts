import { setTimeout as sleep } from 'node:timers/promises'
import { BanyanError, parseAmount, toHex } from '@banyan/base'
import {
  type Client,
  createdToken,
  createToken,
  ed25519Account,
  getAssets,
  getBalance,
  type KeyAccount,
  secp256k1Account,
  send,
} from '@banyan/sdk'
import type { Person } from './people.js'

/** The people of a local network do something now and then, so that there is something to see. */
export type Activity = { readonly stop: () => Promise<void> }

/** Mean time between two payments, ms. */
const everyMs = 4_000
/** In one run: about eleven hours. */
const maxPayments = 10_000
/** Nobody spends what is left beyond this. */
const reserve = parseAmount('50')
const loaf = { name: 'Loaf of bread', symbol: 'LOAF', decimals: 2, initialSupply: parseAmount('5000', 2) }
/** LOAF that each of the others gets at the beginning. */
const loaves = parseAmount('120', 2)

/** Begins at once. A payment that is refused is passed over; a defect ends all of them and is told to `onDefect`. */
export function startActivity(
  client: Client,
  people: readonly Person[],
  random: () => number,
  onDefect: (error: unknown) => void,
): Activity {
  const over = new AbortController()
  const { signal } = over
  const running = live(client, people, random, signal).catch((error: unknown) => {
    if (!signal.aborted) onDefect(error)
  })
  return {
    stop: async () => {
      over.abort()
      await running
    },
  }
}

async function live(
  client: Client,
  people: readonly Person[],
  random: () => number,
  signal: AbortSignal,
): Promise<void> {
  const asset = await unlessRefused(bakery(client, people, signal), signal)
  for (let count = 0; count < maxPayments && !signal.aborted; count++) {
    await unlessRefused(pay(client, people, asset, random, signal), signal)
    await sleep(everyMs * (0.4 + 1.2 * random()), undefined, { signal })
  }
}

/** Mira issues bread, once, and gives some to the others. Returns the number of the asset. */
async function bakery(
  client: Client,
  people: readonly Person[],
  signal: AbortSignal,
): Promise<number | undefined> {
  const [mira, ...others] = people
  const { items } = await getAssets(client, { signal })
  const known = items.find(({ issuer, symbol }) => issuer === toHex(mira!.address) && symbol === loaf.symbol)
  if (known !== undefined) return known.asset
  const account = accountOf(mira!)
  const asset = createdToken(await createToken(client, { token: loaf, account, signal }).final)
  const gifts = others.map(({ address }) =>
    send(client, { to: toHex(address), amount: loaves, asset: asset!, account, signal }),
  )
  await Promise.all(gifts.map(({ final }) => final))
  return asset
}

/** One of them pays another one a few FIG or, one time in four, a few loaves. */
async function pay(
  client: Client,
  people: readonly Person[],
  bread: number | undefined,
  random: () => number,
  signal: AbortSignal,
): Promise<void> {
  const from = Math.floor(random() * people.length)
  const payer = people[from]!
  const payee = people[(from + 1 + Math.floor(random() * (people.length - 1))) % people.length]!
  const isBread = bread !== undefined && random() < 0.25
  const asset = isBread ? bread : 0
  // Tenths of a loaf, or hundredths of a FIG; small amounts are more frequent than large ones.
  const amount = isBread
    ? BigInt(10 + Math.floor(random() * 300))
    : parseAmount((0.05 + 25 * random() ** 3).toFixed(2))
  const held = await getBalance(client, { address: toHex(payer.address), asset, signal })
  if (held < amount + (isBread ? 0n : reserve)) return
  await send(client, { to: toHex(payee.address), amount, asset, account: accountOf(payer), signal }).final
}

function accountOf({ scheme, secret }: Person): KeyAccount {
  return scheme === 'ed25519' ? ed25519Account(secret) : secp256k1Account(secret)
}

async function unlessRefused<Result>(act: Promise<Result>, signal: AbortSignal): Promise<Result | undefined> {
  try {
    return await act
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof BanyanError) return undefined
    throw error
  }
}
