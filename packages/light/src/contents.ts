import { equalBytes, fail, type Hash, leToUint, toHex } from '@banyan/base'
import {
  type CryptoProvider,
  type KeyedTableName,
  type RecentBlock,
  type RowProof,
  recentBlockOf,
  recentBlocks,
  type TableName,
  verifyAbsence,
  verifyHeaderField,
  verifyPresence,
  verifyReceipt,
  verifyRow,
  verifyTransactionProof,
} from '@banyan/crypto'
import {
  type Account,
  type Asset,
  balanceRowKey,
  decodeFieldProof,
  decodeKeyProof,
  decodeReceiptProof,
  decodeRowProof,
  decodeTransactionProof,
  type HeaderSummary,
  type Receipt,
  readReceipt,
  rowReaders,
  summaryId,
  type Utxo,
} from '@banyan/ledger/proofs'
import type { ProofKind, RequestOf } from './proof.js'

/** Height, time (ms), base fees (pip per gas) and history root that the state itself records. */
export type ChainRow = {
  readonly height: bigint
  readonly timestamp: bigint
  readonly prices: { readonly compute: bigint; readonly bytes: bigint; readonly state: bigint }
  readonly historyRoot: Hash
}

/** What a proof of each kind shows; `undefined`: it shows that there is none. */
export type ProvenValue = {
  readonly account: Account | undefined
  /** Base units. */
  readonly balance: bigint | undefined
  /** Up to 64 bytes. */
  readonly storage: Uint8Array | undefined
  readonly utxo: Utxo | undefined
  readonly asset: Asset | undefined
  readonly recent: RecentBlock | undefined
  readonly chain: ChainRow
  readonly receipt: Receipt
  /** That the block holds the transaction, which says nothing about its success. */
  readonly transaction: true
  /** Root of the field, 32 bytes. */
  readonly headerField: Uint8Array
  readonly header: HeaderSummary
}

export type Contents = {
  readonly provider: CryptoProvider
  readonly header: HeaderSummary
  readonly content: Uint8Array
}

function wrong(reason: string): never {
  return fail('ProofWrong', { reason })
}

/** How the content of each kind is checked under a header that is final. Errors: ProofMalformed, ProofWrong. */
export const readContent: {
  readonly [Kind in ProofKind]: (contents: Contents, request: RequestOf<Kind>) => ProvenValue[Kind]
} = {
  account: (contents, { address }) => keyed(contents, 'accounts', address, rowReaders.account),
  balance: (contents, { owner, asset }) =>
    keyed(contents, 'balances', balanceRowKey(owner, asset), rowReaders.balance),
  storage: (contents, { key }) => keyed(contents, 'storage', key, rowReaders.storage),
  utxo: (contents, { id }) => keyed(contents, 'utxos', id, rowReaders.utxo),
  asset: (contents, { asset }) => {
    const { row, length, bytes } = rowOf(contents, 'assets')
    if (row === asset) return rowReaders.asset(bytes)
    return asset >= length ? undefined : wrong('it shows another asset')
  },
  recent: (contents, { height }) => {
    const { row, bytes } = rowOf(contents, 'recent')
    if (row !== height % recentBlocks) wrong('it shows another block')
    const block = recentBlockOf(bytes)
    return block.height === BigInt(height) ? block : undefined
  },
  chain: (contents) => chainRowOf(rowOf(contents, 'chain').bytes),
  receipt: ({ provider, header, content }, { id }) => {
    const { receipt, proof } = decodeReceiptProof(content)
    if (!verifyReceipt(provider, header.receiptsRoot, receipt, proof)) {
      wrong('the receipt is not under the receipts root of the block')
    }
    const read = readReceipt(receipt, 0)
    if (!equalBytes(read.id, id)) wrong(`the receipt is that of ${toHex(read.id)}`)
    // A block may pass a transaction over that another one includes: such a receipt tells nothing.
    return read.status === 'skipped' ? wrong('the block does not include the transaction') : read
  },
  transaction: ({ provider, header, content }, { id }) =>
    verifyTransactionProof(provider, header.payloadRoot, id, decodeTransactionProof(content)) ||
    wrong('the transaction is not under the payload root of the block'),
  headerField: ({ provider, header, content }, { field }) => {
    const proof = decodeFieldProof(content)
    if (proof.field !== field) wrong(`it shows the field ${proof.field}`)
    const holds = verifyHeaderField(provider, summaryId(header, provider), field, proof.chunk, proof.branch)
    return holds ? proof.chunk : wrong('the field is not under the id of the block')
  },
  header: ({ header, content }) =>
    content.length === 0 ? header : fail('ProofMalformed', { reason: 'something follows its end' }),
}

/** Value of the row with a key, or that there is none. */
function keyed<Value>(
  { provider, header, content }: Contents,
  table: KeyedTableName,
  key: Uint8Array,
  read: (row: Uint8Array) => Value,
): Value | undefined {
  const proof = decodeKeyProof(table, content)
  if (proof.kind === 'present') {
    if (verifyPresence(provider, header.stateRoot, table, key, proof.row)) return read(proof.row.bytes)
    return wrong(`no such row of ${table} is under the state root of the block`)
  }
  if (verifyAbsence(provider, header.stateRoot, table, key, proof.absence)) return undefined
  return wrong(`the absence from ${table} is not under the state root of the block`)
}

function rowOf({ provider, header, content }: Contents, table: TableName): RowProof {
  const proof = decodeRowProof(table, content)
  if (verifyRow(provider, header.stateRoot, table, proof)) return proof
  return wrong(`the row of ${table} is not under the state root of the block`)
}

/** docs/formats.md "State", table `chain`. */
function chainRowOf(row: Uint8Array): ChainRow {
  const number = (at: number): bigint => leToUint(row.subarray(at, at + 8))
  return {
    height: number(0),
    timestamp: number(8),
    prices: { compute: number(16), bytes: number(24), state: number(32) },
    historyRoot: row.slice(64, 96) as Hash,
  }
}
