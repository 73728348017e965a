import type { Hash } from '@banyan/base'
import {
  type ExpiringTransaction,
  type HeaderField,
  type KeyedTableName,
  type ListProof,
  portable,
  showsSuccess,
  type TransactionProof,
  verifyAbsence,
  verifyExpired,
  verifyHeaderField,
  verifyIncluded,
  verifyPresence,
  verifyReceipt,
  verifyRow,
  verifyTransactionProof,
} from '@banyan/crypto'
import { createRandom } from '@banyan/testing'
import { alterations } from './alterations.js'

/** Runs in the browser, with nothing of this chain but the crypto package. */

export type ShownField = {
  readonly field: HeaderField
  readonly chunk: Uint8Array
  readonly branch: Uint8Array
}

/** What a payer sends to a shop that knows one block id. */
export type Settlement = {
  readonly payload: ShownField
  readonly transaction: TransactionProof
  readonly receipts: ShownField
  readonly receipt: Uint8Array
  readonly receiptProof: ListProof
}

type Rest<Check> = Check extends (provider: typeof portable, ...rest: infer Args) => unknown ? Args : never

/** Each takes everything that decides, proof last, and says whether it shows what it claims. */
const checks = {
  headerField: (blockId: Hash, { field, chunk, branch }: ShownField) =>
    verifyHeaderField(portable, blockId, field, chunk, branch),
  transaction: (...args: Rest<typeof verifyTransactionProof>) => verifyTransactionProof(portable, ...args),
  receipt: (...args: Rest<typeof verifyReceipt>) => verifyReceipt(portable, ...args),
  settled: (blockId: Hash, id: Hash, proof: Settlement) => {
    const { payload, transaction, receipts, receipt, receiptProof } = proof
    return (
      payload.field === 'payloadRoot' &&
      receipts.field === 'receiptsRoot' &&
      [payload, receipts].every(({ field, chunk, branch }) =>
        verifyHeaderField(portable, blockId, field, chunk, branch),
      ) &&
      verifyTransactionProof(portable, payload.chunk, id, transaction) &&
      verifyReceipt(portable, receipts.chunk, receipt, receiptProof) &&
      showsSuccess(receipt, id)
    )
  },
  row: (...args: Rest<typeof verifyRow>) => verifyRow(portable, ...args),
  presence: (...args: Rest<typeof verifyPresence>) => verifyPresence(portable, ...args),
  /** The key comes apart from what can be altered: another key may be absent as well. */
  absence: (
    stateRoot: Uint8Array,
    proof: Rest<typeof verifyAbsence>[3],
    table: KeyedTableName,
    key: string,
  ) => verifyAbsence(portable, stateRoot, table, fromDigits(key), proof),
  included: (...[stateRoot, id, proof, height]: [...Rest<typeof verifyIncluded>, height: bigint]) =>
    verifyIncluded(portable, stateRoot, id, proof) === height,
  /** The id likewise: another transaction may have expired as well. */
  expired: (
    stateRoot: Uint8Array,
    transaction: Omit<ExpiringTransaction, 'id'>,
    proof: Rest<typeof verifyExpired>[2],
    id: string,
  ) => verifyExpired(portable, stateRoot, { ...transaction, id: fromDigits(id) }, proof),
}

const fromDigits = (digits: string) =>
  Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))

export type Checks = typeof checks
/** A check by name with what it takes. */
export type Claim = {
  [Name in keyof Checks]: readonly [name: Name, ...args: Parameters<Checks[Name]>]
}[keyof Checks]

const holds = (name: keyof Checks, args: readonly unknown[]): boolean =>
  (checks[name] as (...args: readonly unknown[]) => boolean)(...args)

/** Whether each claim holds, and which of its alterations do too. */
export const judge = (claims: readonly Claim[], seed: number) =>
  claims.map(([name, ...args]) => {
    const accepted: string[] = []
    let refused = 0
    for (const [i, argument] of args.entries()) {
      for (const { what, value } of alterations(createRandom(seed), argument, `argument ${i}`)) {
        if (holds(name, args.with(i, value as never))) accepted.push(what)
        else refused++
      }
    }
    return { name, holds: holds(name, args), refused, accepted }
  })

/** Whether each claim holds. */
export const areShown = (claims: readonly Claim[]) => claims.map(([name, ...args]) => holds(name, args))
