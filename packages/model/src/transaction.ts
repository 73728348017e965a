import { concatBytes, fail, leToUint } from '@banyan/base'
import { le } from './integer.js'
import { byteListRoot, chunksOf, containerRoot, integerChunk, sha256, tag } from './merkle.js'

type Common = {
  /** ed25519 key of the payer or signer, 32 bytes. */
  readonly publicKey: Uint8Array
  /** Id of a recent block. */
  readonly mark: Uint8Array
  readonly nonce: bigint
  readonly validUntil: bigint
  readonly asset: number
  /** Largest fee, nano-FIG, tip included. */
  readonly maxFee: number
  /** nano-FIG */
  readonly tip: number
  readonly signature: Uint8Array
}

export type Transfer = Common & {
  readonly kind: 'transfer'
  readonly payee: Uint8Array
  readonly amount: bigint
}

export type Item = { readonly payer: number; readonly payee: number; readonly amount: bigint }

export type Package = Common & {
  readonly kind: 'package'
  readonly atomic: boolean
  readonly items: readonly Item[]
}

export type Transaction = Transfer | Package

/** The 193 or 161 + 24·n bytes of a transaction, type byte first. */
export function encodeTransaction(transaction: Transaction): Uint8Array {
  const { signature } = transaction
  if (transaction.kind === 'transfer') return concatBytes(le(0x7a, 1), transferBody(transaction), signature)
  return concatBytes(le(0x7c, 1), packageHead(transaction), signature, itemBytes(transaction))
}

function transferBody(transfer: Transfer): Uint8Array {
  return concatBytes(
    transfer.publicKey,
    transfer.mark,
    transfer.payee,
    le(transfer.asset, 4),
    le(transfer.nonce, 8),
    le(transfer.amount, 16),
    le(transfer.maxFee, 4),
    le(transfer.tip, 4),
    le(transfer.validUntil, 8),
  )
}

function packageHead(pack: Package): Uint8Array {
  return concatBytes(
    pack.publicKey,
    pack.mark,
    le(pack.nonce, 8),
    le(pack.validUntil, 8),
    le(pack.asset, 4),
    le(pack.maxFee, 4),
    le(pack.tip, 4),
    le(pack.items.length, 3),
    le(pack.atomic ? 0 : 1, 1),
  )
}

function itemBytes(pack: Package): Uint8Array {
  return concatBytes(
    ...pack.items.map((item) => concatBytes(le(item.payer, 4), le(item.payee, 4), le(item.amount, 16))),
  )
}

/** Reads one transfer or package; refuses every other byte string with TransactionMalformed. */
export function decodeTransaction(bytes: Uint8Array): Transaction {
  const uint = (offset: number, length: number) => leToUint(bytes.subarray(offset, offset + length))
  const number = (offset: number, length: number) => Number(uint(offset, length))
  const publicKey = bytes.slice(1, 33)
  const mark = bytes.slice(33, 65)
  if (bytes[0] === 0x7a && bytes.length === 193) {
    return {
      kind: 'transfer',
      publicKey,
      mark,
      payee: bytes.slice(65, 85),
      asset: number(85, 4),
      nonce: uint(89, 8),
      amount: uint(97, 16),
      maxFee: number(113, 4),
      tip: number(117, 4),
      validUntil: uint(121, 8),
      signature: bytes.slice(129, 193),
    }
  }
  const count = number(93, 3)
  const isPackage = bytes[0] === 0x7c && bytes.length === 161 + 24 * count && bytes[96]! <= 1
  if (!isPackage || count === 0 || count > 65_536) fail('TransactionMalformed', { reason: 'unknown layout' })
  const items: Item[] = []
  for (let at = 161; at < bytes.length; at += 24) {
    items.push({ payer: number(at, 4), payee: number(at + 4, 4), amount: uint(at + 8, 16) })
  }
  return {
    kind: 'package',
    publicKey,
    mark,
    nonce: uint(65, 8),
    validUntil: uint(73, 8),
    asset: number(81, 4),
    maxFee: number(85, 4),
    tip: number(89, 4),
    atomic: bytes[96] === 0,
    items,
    signature: bytes.slice(97, 161),
  }
}

/** Root of what is signed, without the chain it is signed for. */
export function bodyRoot(transaction: Transaction): Uint8Array {
  if (transaction.kind === 'transfer') return containerRoot(chunksOf(transferBody(transaction)))
  return containerRoot([...chunksOf(packageHead(transaction)), byteListRoot(itemBytes(transaction), 16)])
}

export type SigningDomains = Readonly<Record<Transaction['kind'], Uint8Array>>

/** What a chain adds to everything that is signed for it. */
export function signingDomains(chainId: bigint, genesisId: Uint8Array): SigningDomains {
  const domain = (kind: string) => sha256(sha256(tag(kind), integerChunk(chainId)), genesisId)
  return { transfer: domain('banyan/transfer'), package: domain('banyan/package') }
}

/** Id of a transaction, which is also its signing root. */
export function transactionId(transaction: Transaction, domains: SigningDomains): Uint8Array {
  return sha256(bodyRoot(transaction), domains[transaction.kind])
}

/** Bytes of the envelope, type byte included. */
export function transactionSize(transaction: Transaction): number {
  return transaction.kind === 'transfer' ? 193 : 161 + 24 * transaction.items.length
}
