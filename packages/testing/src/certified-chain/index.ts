import { asChainId, asHash, assert, equalBytes, type Hash } from '@banyan/base'
import { type Committee, createCommittee } from '@banyan/consensus'
import {
  buildBlock,
  type Chain,
  type ChainOptions,
  createChain,
  type DescribedBatch,
  type ExecutedBlock,
  encodeFieldProof,
  encodeReceiptProof,
  encodeTransactionProof,
  finalize,
  proveHeaderField,
  proveReceipt,
  proveRequest,
  proveTransaction,
  receiptBytes,
  summarize,
} from '@banyan/ledger'
import {
  encodeEpochRecord,
  encodeFinality,
  encodeProof,
  type FinalityProof,
  type LightChain,
  type ProofKind,
  type ProofRequest,
} from '@banyan/light'
import { certify, createMember, type Member } from './members.js'

export { certify, createMember, type Member }

export type CertifiedChainOptions = Omit<ChainOptions, 'memory' | 'capacity'> & {
  readonly epochBlocks: number
  /** Who decides an epoch; the same in the epochs 0 and 1. */
  readonly membersOf: (epoch: number) => readonly Member[]
}

/** Blocks, certificates and proofs of a chain whose committees change, without any network: all secrets are here. */
export type CertifiedChain = {
  readonly chain: Chain
  readonly light: LightChain
  readonly membersOf: (epoch: number) => readonly Member[]
  readonly committee: (epoch: number) => Committee
  /** Adds a final block, which names another next committee than it should if one is given. */
  readonly extend: (batches?: readonly DescribedBatch[], nextCommitteeHash?: Hash) => ExecutedBlock
  readonly block: (height: number) => ExecutedBlock
  /** Why a block is final: signed by as few members as make a quorum, or by those given. */
  readonly finality: (height: number, signers?: readonly number[]) => FinalityProof
  /** Records of finished epochs. */
  readonly records: readonly Uint8Array[]
  /** The encoded proof that a node would give. A proof of a row adds the block that vouches for it. */
  readonly prove: (request: ProofRequest) => Uint8Array
  /** Proof of the receipt at an index of a block, whatever it says. */
  readonly proveReceiptAt: (height: number, index: number) => Uint8Array
}

type Kept = { readonly block: ExecutedBlock; readonly batches: readonly DescribedBatch[] }

export function createCertifiedChain(options: CertifiedChainOptions): CertifiedChain {
  const { provider, epochBlocks, membersOf, genesis } = options
  const committee = (epoch: number): Committee =>
    createCommittee(
      provider,
      epoch,
      'byzantine',
      membersOf(epoch).map(({ validator }) => validator),
    )
  const consensus = { rulesHash: asHash(new Uint8Array(32)), committeeHash: committee(0).hash }
  const chain = createChain({
    ...options,
    genesis: { ...genesis, consensus },
    memory: 'private',
    capacity: { accounts: 64, balances: 64, utxos: 64, storage: 64 },
  })
  const light: LightChain = {
    chainId: asChainId(genesis.chainId),
    genesisId: chain.genesisId,
    epochBlocks,
    quorumRule: 'byzantine',
  }
  const kept: Kept[] = []
  const records: Uint8Array[] = []
  const find = (height: number): Kept => {
    const found = kept[height - 1]
    assert(found !== undefined, 'the block was made')
    return found
  }

  const extend: CertifiedChain['extend'] = (batches = [], named) => {
    const { height, timestamp } = chain.head.header
    const epoch = Math.floor(height / epochBlocks)
    const isLast = (height + 1) % epochBlocks === 0
    const elected = isLast ? committee(epoch + 2) : undefined
    const nextCommitteeHash = named ?? elected?.hash
    const block = buildBlock(chain, {
      batches,
      proposer: membersOf(epoch)[0]!.validator.address,
      timestamp: timestamp + 1_000n,
      view: 1 + (height % epochBlocks),
      justification: new Uint8Array(40),
      ...(nextCommitteeHash && { nextCommitteeHash }),
    })
    finalize(chain, height + 1)
    kept.push({ block, batches })
    if (elected !== undefined) {
      const proof = encodeFinality(finality(height + 1))
      const header = summarize(block.header)
      records.push(encodeEpochRecord({ epoch, header, id: block.id, proof, elected: elected.validators }))
    }
    return block
  }

  const finality: CertifiedChain['finality'] = (height, signers) => {
    const epoch = Math.floor((height - 1) / epochBlocks)
    const header = summarize(find(height).block.header)
    const deciding = committee(epoch)
    const signing = signers ?? quorumSigners(deciding)
    const certificate = certify(provider, light, deciding, membersOf(epoch), header, signing)
    return { epoch, certificate, links: [] }
  }

  const anchored = (kind: ProofKind, height: number, content: Uint8Array): Uint8Array => {
    const header = summarize(find(height).block.header)
    return encodeProof({ kind, header, finality: finality(height), content })
  }

  const proveReceiptAt: CertifiedChain['proveReceiptAt'] = (height, index) => {
    const proof = proveReceipt(provider, find(height).block.receipts, index)
    return anchored('receipt', height, encodeReceiptProof(proof))
  }

  const prove: CertifiedChain['prove'] = (request) => {
    switch (request.kind) {
      case 'header':
        return anchored(request.kind, request.height, new Uint8Array(0))
      case 'headerField': {
        const { header } = find(request.height).block
        const proof = proveHeaderField(provider, header, request.field)
        return anchored(request.kind, request.height, encodeFieldProof(proof))
      }
      case 'receipt':
      case 'transaction': {
        const { block, batches } = kept.find(({ block }) => placeOf(block, request.id) >= 0)!
        const { height } = block.header
        if (request.kind === 'transaction') {
          const proof = proveTransaction(provider, batches, request.id)!
          return anchored(request.kind, height, encodeTransactionProof(proof))
        }
        return proveReceiptAt(height, placeOf(block, request.id))
      }
      default: {
        const content = proveRequest(chain, request)
        return anchored(request.kind, extend().header.height, content)
      }
    }
  }

  return {
    chain,
    light,
    membersOf,
    committee,
    extend,
    block: (height) => find(height).block,
    finality,
    records,
    prove,
    proveReceiptAt,
  }
}

/** The first members that weigh a quorum together. */
function quorumSigners({ validators, quorum }: Committee): readonly number[] {
  const signers: number[] = []
  let weight = 0
  for (const [i, validator] of validators.entries()) {
    if (weight >= quorum) break
    weight += validator.weight
    signers.push(i)
  }
  return signers
}

function placeOf({ receipts }: ExecutedBlock, id: Hash): number {
  for (let at = 0; at < receipts.length; at += receiptBytes) {
    if (equalBytes(receipts.subarray(at, at + 32), id)) return at / receiptBytes
  }
  return -1
}
