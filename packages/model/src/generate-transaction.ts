import { fromHex, maxAmount, toHex } from '@banyan/base'
import { addressOfNumber, type BlockRun } from './block-run.js'
import { feePoolAddress } from './execute-block.js'
import { baseFeeOf, gasOf, nanoFig } from './fees.js'
import { guardedNumber, hubNumber, type World, worldAssets } from './generate-world.js'
import { ed25519Address } from './keys.js'
import type { Random } from './random.js'
import type { Item, Package, Transaction, Transfer } from './transaction.js'

const maxUint32 = 2 ** 32 - 1
const hotAccounts = 4
/** Earlier transactions that a world keeps. */
export const maxHistory = 5_000

/** A transfer that tends to touch edges; most can be in the block, not all of them succeed. */
export function generateTransfer(run: BlockRun, world: World, random: Random): Transfer {
  const publicKey = random.chance(0.02) ? random.bytes(32) : pickKey(world, random)
  const payer = ed25519Address(publicKey)
  const asset = pickAsset(random)
  const draft: Transfer = {
    kind: 'transfer',
    publicKey,
    ...pickTimes(run, random),
    payee: pickPayee(run, world, random, payer),
    asset,
    nonce: random.uint(64),
    amount: 0n,
    maxFee: 0,
    tip: 0,
    signature: random.bytes(64),
  }
  const newRows = run.layer.get(asset, toHex(draft.payee)) === undefined ? 1n : 0n
  const fees = pickFees(run, random, draft, newRows)
  const paid =
    asset === 0 ? baseFeeOf(gasOf(draft, newRows), run.state.prices) + BigInt(fees.tip) * nanoFig : 0n
  const balance = run.layer.get(asset, toHex(payer)) ?? 0n
  return { ...draft, ...fees, amount: pickAmount(random, balance > paid ? balance - paid : 0n) }
}

/** A package of the hub or of any account; about half of the atomic ones succeed. */
export function generatePackage(run: BlockRun, world: World, random: Random, maxItems: number): Package {
  const number = random.chance(0.7) ? hubNumber : 1 + random.below(world.genesis.accounts.length)
  const careful = random.chance(0.6)
  const asset = random.chance(0.9)
    ? random.pick([0, worldAssets.common, worldAssets.huge])
    : pickAsset(random)
  const count = 1 + random.below(maxItems)
  const items = Array.from({ length: count }, () => generateItem(run, world, random, number, asset, careful))
  const draft: Package = {
    kind: 'package',
    publicKey: world.keys[number - 1]!,
    ...pickTimes(run, random),
    nonce: random.uint(64),
    asset,
    maxFee: 0,
    tip: 0,
    atomic: random.chance(0.5),
    items,
    signature: random.bytes(64),
  }
  const newRows = asset === 0 ? 0 : random.pick([count, random.below(count + 1)])
  return { ...draft, ...pickFees(run, random, draft, BigInt(newRows)) }
}

function generateItem(
  run: BlockRun,
  world: World,
  random: Random,
  signer: number,
  asset: number,
  careful: boolean,
): Item {
  const known = run.state.addresses.length + run.newAddresses.length
  const delegating = 3 * (1 + random.below(Math.floor(world.genesis.accounts.length / 3)))
  const lax = random.pick([random.below(known), random.below(known + 2), maxUint32])
  const payer = careful || random.chance(0.8) ? random.pick([signer, signer, delegating]) : lax
  const payee = random.chance(0.1) ? payer : random.below(known + (careful ? 0 : 2))
  const address = addressOfNumber(run, payer)
  const balance = address === undefined ? 0n : (run.layer.get(asset, address) ?? 0n)
  return { payer, payee, amount: careful ? balance / 1_000n : pickAmount(random, balance) }
}

/** Spoils a transaction so that most likely it must not be in the next block. */
export function spoil(run: BlockRun, world: World, random: Random, transaction: Transaction): Transaction {
  const old = run.state.blockIds.at(-1 - random.below(200)) ?? random.bytes(32)
  const spoiled: readonly (() => Transaction)[] = [
    () => ({ ...transaction, mark: random.pick([old, random.bytes(32)]) }),
    () => ({ ...transaction, validUntil: run.height - 1n }),
    () => ({ ...transaction, validUntil: random.pick([run.height + 64n, 2n ** 64n - 1n]) }),
    () => pickEarlier(world, random, 50) ?? transaction,
    () => pickEarlier(world, random, maxHistory) ?? transaction,
    () => ({ ...transaction, publicKey: random.pick([random.bytes(32), world.keys[guardedNumber - 1]!]) }),
    () => spoilTip(random, transaction),
    () => ({ ...transaction, maxFee: Math.max(0, leastFee(run, transaction, 0n) - 1), tip: 0 }),
    () => ({ ...transaction, maxFee: maxUint32, tip: random.pick([0, maxUint32]) }),
  ]
  return random.pick(spoiled)()
}

/** A transaction generated lately, of this block or of an earlier one. */
function pickEarlier({ history }: World, random: Random, among: number): Transaction | undefined {
  return history[history.length - 1 - random.below(Math.min(among, history.length))]
}

/** A package whose tip exceeds its fee is refused with its batch, so only transfers get one. */
function spoilTip(random: Random, transaction: Transaction): Transaction {
  if (transaction.kind === 'package') return transaction
  const tip = Math.max(1, transaction.maxFee)
  return { ...transaction, tip, maxFee: random.pick([tip - 1, 0]) }
}

function pickTimes(run: BlockRun, random: Random): { mark: Uint8Array; validUntil: bigint } {
  const age = random.chance(0.8) ? random.below(Math.min(64, Number(run.height))) : 0
  const last = run.height - 1n - BigInt(age) + 64n
  const spare = Number(last - run.height)
  const validUntil = random.pick([run.height, last, run.height + BigInt(random.below(spare + 1))])
  return { mark: run.state.blockIds.at(-1 - age)!, validUntil }
}

function pickKey(world: World, random: Random): Uint8Array {
  const { keys, genesis } = world
  if (random.chance(0.2)) return keys[random.below(hotAccounts)]!
  // Keys that came later often have no account yet.
  return keys[random.below(random.chance(0.8) ? genesis.accounts.length : keys.length)]!
}

function pickAsset(random: Random): number {
  const { common, paused, huge, count } = worldAssets
  return random.pick([0, 0, 0, 0, 0, common, common, huge, random.pick([paused, count, maxUint32])])
}

function pickPayee(run: BlockRun, world: World, random: Random, payer: Uint8Array): Uint8Array {
  const dice = random.below(100)
  if (dice < 8) return payer
  if (dice < 16) return newAddress(world, random)
  if (dice < 18) return random.bytes(20)
  if (dice < 20) return random.pick([new Uint8Array(20), feePoolAddress, world.proposer])
  if (dice < 40) return fromHex(run.state.addresses[1 + random.below(hotAccounts)]!)!
  return ed25519Address(pickKey(world, random))
}

/** Address of a key that takes part from now on. */
function newAddress(world: World, random: Random): Uint8Array {
  const key = random.bytes(32)
  world.keys.push(key)
  return ed25519Address(key)
}

/** An amount around what the payer can spend; one below 0 or above the maximum wraps around. */
function pickAmount(random: Random, spendable: bigint): bigint {
  const edge = random.pick([spendable, spendable + 1n, spendable - 1n, spendable / 2n])
  const extreme = random.pick([maxAmount, 1n << 127n, 1n << 64n, (1n << 64n) - 1n, 1n << 32n])
  const usual = random.pick([spendable / 100n, spendable / 7n, random.uint(20)])
  const amount = random.pick([0n, edge, extreme, usual, usual, usual, usual, usual])
  return BigInt.asUintN(128, amount)
}

function pickFees(
  run: BlockRun,
  random: Random,
  draft: Transaction,
  newRows: bigint,
): { maxFee: number; tip: number } {
  const tip = random.pick([0, 0, 1, random.below(1_000)])
  const least = leastFee(run, draft, newRows) + tip
  const spare = random.pick([0, 0, 1, least, random.below(100_000)])
  return { tip, maxFee: Math.min(maxUint32, least + spare) }
}

/** Base part of the fee in nano-FIG, rounded up. */
function leastFee(run: BlockRun, transaction: Transaction, newRows: bigint): number {
  return Number((baseFeeOf(gasOf(transaction, newRows), run.state.prices) + nanoFig - 1n) / nanoFig)
}
