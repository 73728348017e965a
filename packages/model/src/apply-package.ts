import type { ErrorName, Hex } from '@banyan/base'
import { chargeFee, move } from './apply-transfer.js'
import { addressOfNumber, type BlockRun, type Candidate, numberOfAddress } from './block-run.js'
import { gasOf } from './fees.js'
import { type Balances, layerOver } from './layer.js'
import type { ItemResult, Receipt } from './receipt.js'
import type { Item, Package } from './transaction.js'
import { assetError, hasRoom } from './validity.js'

type Outcome = {
  readonly error: ErrorName | undefined
  readonly items: readonly ItemResult[]
  readonly newRows: bigint
}

/** Executes a package that may be in the block. A failed one pays its fee, without state gas, and moves nothing. */
export function applyPackage(run: BlockRun, candidate: Candidate<Package>): Receipt {
  const { transaction: pack, payer: signer, id } = candidate
  // Items of a FIG package find the signer's balance after its fee: they create no rows, so the fee is known. Items
  // of another asset do not touch FIG, so that the order does not matter to them.
  const feeBefore = pack.asset === 0 ? chargeFee(run, candidate, gasOf(pack, 0n)) : undefined
  const outcome = applyItems(run, candidate)
  const fee = feeBefore ?? chargeFee(run, candidate, gasOf(pack, outcome.newRows))
  return {
    id,
    payerBalance: run.layer.get(pack.asset, signer) ?? 0n,
    payeeBalance: 0n,
    status: outcome.error === undefined ? 'success' : 'failed',
    error: outcome.error,
    ...fee,
    items: outcome.items,
  }
}

function applyItems(run: BlockRun, { transaction: pack, payer: signer }: Candidate<Package>): Outcome {
  const impossible = assetError(run, pack.asset)
  if (impossible !== undefined) return failed(pack, impossible)
  const balances = layerOver(run.layer)
  const items: ItemResult[] = []
  let newRows = 0n
  for (const item of pack.items) {
    const parties = partiesOf(run, signer, item)
    const result = typeof parties === 'string' ? parties : applyItem(run, pack.asset, item, parties, balances)
    if (typeof result !== 'string') {
      const { payerBalance, payeeBalance } = result
      items.push({ applied: true, payerBalance, payeeBalance })
      newRows += result.newRows
    } else if (pack.atomic) return failed(pack, 'ItemFailed', { index: items.length, error: result })
    else items.push({ applied: false, error: result })
  }
  balances.commit()
  return { error: undefined, items, newRows }
}

/** No item was applied; at most one of them carries the reason. */
function failed(pack: Package, error: ErrorName, culprit?: { index: number; error: ErrorName }): Outcome {
  const items = pack.items.map((_, index) => ({
    applied: false as const,
    error: index === culprit?.index ? culprit.error : undefined,
  }))
  return { error, items, newRows: 0n }
}

type Parties = { readonly payer: Hex; readonly payee: Hex }

/** Addresses of an item, or why the signer cannot move funds between them. */
function partiesOf(run: BlockRun, signer: Hex, item: Item): Parties | ErrorName {
  const payer = addressOfNumber(run, item.payer)
  const payee = addressOfNumber(run, item.payee)
  if (payer === undefined || payee === undefined) return 'AccountUnknown'
  const isDelegate = run.state.accounts.get(payer)?.delegate === numberOfAddress(run, signer)
  return payer === signer || isDelegate ? { payer, payee } : 'DelegationMissing'
}

/** Moves the amount of an item, or says why it cannot be moved. */
function applyItem(
  run: BlockRun,
  asset: number,
  { amount }: Item,
  { payer, payee }: Parties,
  balances: Balances,
): { payerBalance: bigint; payeeBalance: bigint; newRows: bigint } | ErrorName {
  if ((balances.get(asset, payer) ?? 0n) < amount) return 'FundsInsufficient'
  const newRows = balances.get(asset, payee) === undefined ? 1n : 0n
  if (newRows > 0n && !hasRoom(run.state, balances, asset)) return 'TableFull'
  move(balances, asset, payer, payee, amount)
  return {
    payerBalance: balances.get(asset, payer) ?? 0n,
    payeeBalance: balances.get(asset, payee) ?? 0n,
    newRows,
  }
}
