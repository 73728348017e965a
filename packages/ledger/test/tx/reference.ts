import { createHash } from 'node:crypto'
import { concatBytes, utf8 } from '@banyan/base'
import type { Native, NativeBody, Package, Transfer } from '@banyan/ledger'
import {
  BooleanType,
  ByteListType,
  ByteVectorType,
  ContainerType,
  ListCompositeType,
  UintBigintType,
  UintNumberType,
} from '@chainsafe/ssz'

/**
 * Ids by another path than the ledger's: body roots by the SSZ library from declarations of their own, SHA-256 by
 * Node, layouts written out as text.
 */

const uint = (bytes: 4 | 8 | 16): UintBigintType => new UintBigintType(bytes)
const bytes20 = new ByteVectorType(20)
const bytes32 = new ByteVectorType(32)

/** The body with every limit multiplied by `slack`. */
const bodyType = (slack: number) =>
  new ContainerType({
    chainId: uint(8),
    account: bytes20,
    mark: bytes32,
    validUntil: uint(8),
    nonce: uint(8),
    gasLimit: uint(8),
    maxFeePerGas: uint(16),
    tipPerGas: uint(16),
    sponsor: bytes20,
    calls: new ListCompositeType(
      new ContainerType({ to: bytes20, value: uint(16), data: new ByteListType(65536 * slack) }),
      64 * slack,
    ),
    accessKeys: new ListCompositeType(
      new ContainerType({
        kind: new UintNumberType(1),
        write: new BooleanType(),
        owner: bytes20,
        key: bytes32,
      }),
      256 * slack,
    ),
    postConditions: new ListCompositeType(
      new ContainerType({ account: bytes20, asset: new UintNumberType(4), maxSpent: uint(16) }),
      16 * slack,
    ),
  })

const body = bodyType(1)

const looseSignature = new ContainerType({
  kind: new UintNumberType(1),
  publicKey: new ByteListType(128),
  signature: new ByteListType(4096),
})
const looseNative = new ContainerType({
  body: bodyType(2),
  signatures: new ListCompositeType(looseSignature, 32),
  sponsor: new ListCompositeType(new ContainerType({ maxFee: uint(16), signature: looseSignature }), 2),
})

const mutableBody = (tx: NativeBody) => ({
  ...tx,
  calls: [...tx.calls],
  accessKeys: [...tx.accessKeys],
  postConditions: [...tx.postConditions],
})

/** The envelope of a native transaction, also where its lists are up to twice as long as allowed. */
export function looseEnvelope({ body, signatures, sponsor }: Native): Uint8Array {
  const value = { body: mutableBody(body), signatures: [...signatures], sponsor: [...sponsor] }
  return concatBytes(Uint8Array.of(0x7b), looseNative.serialize(value))
}

const fourChunks = new ContainerType({ a: bytes32, b: bytes32, c: bytes32, d: bytes32 })
const packageBody = new ContainerType({
  signerKey: bytes32,
  mark: bytes32,
  header: bytes32,
  items: new ByteListType(32 * 65536),
})

export const sha256 = (...parts: readonly Uint8Array[]): Uint8Array =>
  new Uint8Array(
    createHash('sha256')
      .update(concatBytes(...parts))
      .digest(),
  )

const le = (value: bigint | number, length: number): Uint8Array => {
  const digits = BigInt(value)
    .toString(16)
    .padStart(2 * length, '0')
  return new Uint8Array(Buffer.from(digits, 'hex')).reverse()
}

export function referenceDomain(kind: string, chainId: bigint, genesisId: Uint8Array): Uint8Array {
  const tag = new Uint8Array(32)
  tag.set(utf8(kind))
  return sha256(sha256(tag, le(chainId, 32)), genesisId)
}

export function referenceNativeId(tx: NativeBody, domain: Uint8Array): Uint8Array {
  return sha256(body.hashTreeRoot(mutableBody(tx)), domain)
}

/** The record of a transfer as the table of the format lists it. */
export function referenceTransfer(tx: Transfer): Uint8Array {
  return concatBytes(
    tx.payerKey,
    tx.mark,
    tx.payee,
    le(tx.asset, 4),
    le(tx.nonce, 8),
    le(tx.amount, 16),
    le(tx.maxFee, 4),
    le(tx.tip, 4),
    le(tx.validUntil, 8),
    tx.signature,
  )
}

export function referenceTransferId(tx: Transfer, domain: Uint8Array): Uint8Array {
  const record = referenceTransfer(tx)
  const [a, b, c, d] = [0, 32, 64, 96].map((start) => record.slice(start, start + 32))
  return sha256(fourChunks.hashTreeRoot({ a: a!, b: b!, c: c!, d: d! }), domain)
}

/** Bytes 65 to 96 of a package. */
function packageHeader(tx: Package): Uint8Array {
  return concatBytes(
    le(tx.nonce, 8),
    le(tx.validUntil, 8),
    le(tx.asset, 4),
    le(tx.maxFee, 4),
    le(tx.tip, 4),
    le(tx.items.length / 24, 3),
    Uint8Array.of(tx.mode === 'atomic' ? 0 : 1),
  )
}

export function referencePackage(tx: Package): Uint8Array {
  return concatBytes(Uint8Array.of(0x7c), tx.signerKey, tx.mark, packageHeader(tx), tx.signature, tx.items)
}

export function referencePackageId(tx: Package, domain: Uint8Array): Uint8Array {
  const { signerKey, mark, items } = tx
  return sha256(packageBody.hashTreeRoot({ signerKey, mark, header: packageHeader(tx), items }), domain)
}
