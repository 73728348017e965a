import { asHash, asHeight, BanyanError, equalBytes, fig, type Hash } from '@banyan/base'
import { schemeOf } from '@banyan/consensus'
import { genesisCollection } from '@banyan/contracts'
import {
  type DescribedBatch,
  describeBatch,
  encodeBlock,
  encodeTransfer,
  readReceipt,
  receiptBytes,
  signTransfer,
  transferBatch,
} from '@banyan/ledger'
import {
  createLightCore,
  decodeFinality,
  encodeFinality,
  finalityHolds,
  type ProofRequest,
} from '@banyan/light'
import { type BlockProofs, createBlockProofs } from '@banyan/node'
import { createCertifiedChain, createMember } from '@banyan/testing/certified-chain'
import { expect, test } from 'vitest'
import { ledgerGenesis, payee, provider, seedOf } from '../engine/people.js'

/** Proofs of parts of blocks, out of a log that holds one proof of finality for several blocks. */

const members = [0, 1, 2, 3].map((index) => createMember(provider, index))
const blocks = 9
/** Blocks that one proof of finality is for. */
const perProof = 3

function transfers(
  world: ReturnType<typeof createCertifiedChain>,
  first: number,
  count: number,
): DescribedBatch {
  const { chain } = world
  const records = Array.from({ length: count }, (_, i) => {
    const fields = {
      mark: chain.head.id,
      payee: payee(i),
      asset: fig,
      nonce: BigInt(first + i),
      amount: 1n,
      maxFee: 0,
      tip: 0,
      validUntil: asHeight(BigInt(chain.head.header.height + 64)),
    }
    return [
      ...encodeTransfer(signTransfer(provider, chain.domains.transfer, fields, seedOf(9, 0))).subarray(1),
    ]
  })
  return describeBatch(provider, chain.domains, transferBatch(Uint8Array.from(records.flat())))
}

/** A chain with transfers in every block, and what a store and an index keep of it. */
function createSources(transactionCount?: number) {
  const world = createCertifiedChain({
    genesis: ledgerGenesis,
    provider,
    collection: genesisCollection,
    epochBlocks: blocks + 1,
    membersOf: () => members,
  })
  const encoded: Uint8Array[] = []
  const heights = new Map<string, number>()
  for (let height = 1; height <= blocks; height++) {
    const described = [transfers(world, 100 * height, 5), transfers(world, 100 * height + 50, 7)]
    const block = world.extend(described)
    const batches = described.map(({ batch }) => batch)
    const header = transactionCount === undefined ? block.header : { ...block.header, transactionCount }
    encoded.push(encodeBlock({ header, batches }))
    for (let i = 0; i < 12; i++) heights.set(String(readReceipt(block.receipts, i).id), height)
  }
  const proofs: BlockProofs = createBlockProofs({
    store: {
      readRange: async (from) => {
        if (from < 1 || from > blocks) return undefined
        const last = Math.ceil(from / perProof) * perProof
        const proof = encodeFinality(world.finality(last))
        return { blocks: encoded.slice(from - 1, last), id: world.block(last).id, height: last, proof }
      },
    },
    index: {
      receipts: async (height) => world.block(height).receipts,
      history: {
        transaction: async (id) => {
          const height = heights.get(String(id))
          return height === undefined ? undefined : ({ height } as never)
        },
      },
    },
    chain: () => world.chain,
  })
  return { world, proofs }
}

const idAt = ({ receipts }: { readonly receipts: Uint8Array }, index: number): Hash =>
  asHash(receipts.slice(index * receiptBytes, index * receiptBytes + 32))

async function refusalOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'none',
    (error: unknown) => (error instanceof BanyanError ? error.kind : String(error)),
  )
}

test('LED-7, LED-16, LED-19: parts of every block verify, whichever block the certificate is for', async () => {
  const { world, proofs } = createSources()
  const start = { validators: world.committee(0).validators }
  const core = createLightCore({ provider, chain: world.light, start, keepEpochs: 2 })
  const links: number[] = []
  for (let height = 1; height <= blocks; height++) {
    const block = world.block(height)
    for (const index of [0, 4, 5, 11]) {
      const id = idAt(block, index)
      for (const request of [
        { kind: 'receipt', id },
        { kind: 'transaction', id },
      ] as const satisfies readonly ProofRequest[]) {
        const proof = (await proofs.prove(request))!
        expect([proof.height, proof.blockId]).toEqual([height, block.id])
        expect(core.check(request, proof.bytes).block.id).toEqual(block.id)
      }
    }
    const header = { kind: 'header', height } as const
    expect(core.check(header, (await proofs.prove(header))!.bytes).value.height).toBe(height)
    const field = { kind: 'headerField', height, field: 'payloadRoot' } as const
    expect(core.check(field, (await proofs.prove(field))!.bytes).value).toEqual(block.header.payloadRoot)
    const certificate = (await proofs.certificate(height))!
    expect(equalBytes(certificate.blockId, block.id)).toBe(true)
    const finality = decodeFinality(certificate.bytes)
    const scheme = schemeOf(provider, world.light, world.committee(0))
    expect(finalityHolds(block.id, finality, world.committee(0), scheme)).toBe(true)
    links.push(finality.links.length)
  }
  expect(links).toEqual([2, 1, 0, 2, 1, 0, 2, 1, 0])
})

test('LED-16, QLT-6: what does not exist has no proof; what would cost too much is refused', async () => {
  const { proofs, world } = createSources()
  const unknown = asHash(new Uint8Array(32))
  expect(await proofs.prove({ kind: 'receipt', id: unknown })).toBeUndefined()
  expect(await proofs.prove({ kind: 'transaction', id: unknown })).toBeUndefined()
  expect(await proofs.prove({ kind: 'header', height: blocks + 1 })).toBeUndefined()
  expect(await proofs.certificate(0)).toBeUndefined()
  const id = idAt(world.block(2), 3)
  const many = Array.from({ length: 300 }, () => refusalOf(proofs.prove({ kind: 'receipt', id })))
  const refusals = await Promise.all(many)
  expect(refusals.filter((refusal) => refusal === 'RequestLimitExceeded')).toHaveLength(300 - 256)
  expect(refusals.filter((refusal) => refusal === 'none')).toHaveLength(256)
  expect(await refusalOf(proofs.prove({ kind: 'receipt', id }))).toBe('none')

  const large = createSources(2 ** 18 + 1)
  const inLarge = idAt(large.world.block(2), 3)
  for (const kind of ['receipt', 'transaction'] as const) {
    expect(await refusalOf(large.proofs.prove({ kind, id: inLarge }))).toBe('ProofUnavailable')
  }
  expect(await refusalOf(large.proofs.prove({ kind: 'header', height: 2 }))).toBe('none')
})
