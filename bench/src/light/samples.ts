import { type Address, asAddress, asHeight, assert, fig } from '@banyan/base'
import { genesisCollection } from '@banyan/contracts'
import { ed25519Address } from '@banyan/crypto'
import { native } from '@banyan/crypto/native'
import {
  describeBatch,
  encodeTransfer,
  type Genesis,
  readReceipt,
  signTransfer,
  transferBatch,
} from '@banyan/ledger'
import { decodeProof, type ProofRequest } from '@banyan/light'
import { createCertifiedChain, createMember } from '@banyan/testing/certified-chain'
import type { Sample } from './work.js'

/** Members of a committee, and how they sign. */
export type Size = { readonly members: number; readonly scheme: 'ed25519' | 'BLS' }

export type Sizes = {
  readonly row: number
  /** Without what makes its block final: comparable with proofs of other trees. */
  readonly rowContent: number
  readonly absence: number
  readonly absenceContent: number
  readonly receipt: number
  readonly step: number
}

const seed = new Uint8Array(32).fill(1)
const payer = ed25519Address(native, native.ed25519.publicKey(seed))
/** An account that nobody has. */
export const absent = asAddress(new Uint8Array(20).fill(0xab))
const free = { compute: 0n, bytes: 0n, state: 0n }
const limit = 10 ** 9
/** Receipts of the block of which one is shown. */
export const transactions = 1_000

/** Addresses spread evenly, the same in every run. */
export function spreadAddresses(count: number): readonly Address[] {
  return Array.from({ length: count }, (_, i) => {
    const bytes = new Uint8Array(20)
    new DataView(bytes.buffer).setUint32(0, i)
    return asAddress(native.sha256(bytes).slice(0, 20))
  })
}

/** A chain with so many accounts, decided by such a committee, and proofs of parts of it. */
export function sampleOf(
  { members: count, scheme }: Size,
  accounts: number,
): { readonly sample: Sample; readonly sizes: Sizes } {
  const members = Array.from({ length: count }, (_, i) => createMember(native, i))
  const genesis: Genesis = {
    chainId: 7n,
    timestamp: 1_000n,
    fees: { start: free, floor: free, limit: { compute: limit, bytes: limit, state: limit } },
    maxRows: 10_000_000,
    accounts: [payer, ...spreadAddresses(accounts)].map((address) => ({ address, balance: 10n ** 9n })),
    assets: [],
  }
  const world = createCertifiedChain({
    genesis,
    provider: native,
    collection: genesisCollection,
    epochBlocks: 8,
    membersOf: () => members,
  })
  const { chain } = world
  const records = Array.from({ length: transactions }, (_, i) => {
    const { id, header } = chain.head
    const validUntil = asHeight(BigInt(header.height + 64))
    const fields = { mark: id, payee: payer, asset: fig, nonce: BigInt(i), amount: 1n, maxFee: 0, tip: 0 }
    const signed = signTransfer(native, chain.domains.transfer, { ...fields, validUntil }, seed)
    return encodeTransfer(signed).subarray(1)
  })
  const block = world.extend([describeBatch(native, chain.domains, transferBatch(joined(records)))])
  const { id } = readReceipt(block.receipts, 500)
  const prove = (request: ProofRequest): Uint8Array => world.prove(request)
  const row = prove({ kind: 'account', address: payer })
  const absence = prove({ kind: 'account', address: absent })
  const receipt = prove({ kind: 'receipt', id })
  while (world.records.length === 0) world.extend()
  const step = world.records[0]!
  const { chainId, genesisId, epochBlocks } = world.light
  const validators = members.map(({ validator }) => validator)
  const sample = { chainId, genesisId, epochBlocks, validators, address: payer, row, id, receipt, step }
  const sizes = {
    row: row.length,
    rowContent: decodeProof(row).content.length,
    absence: absence.length,
    absenceContent: decodeProof(absence).content.length,
    receipt: receipt.length,
    step: step.length,
  }
  const { signers, signature } = decodeProof(row).finality.certificate
  const expected = scheme === 'BLS' ? 96 : 64 * signers.length
  assert(signature.length === expected, 'a committee of this size signs by this scheme')
  return { sample, sizes }
}

function joined(records: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(records))
}
