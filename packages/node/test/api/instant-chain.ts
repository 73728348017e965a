import {
  type Address,
  asAddress,
  asHash,
  BanyanError,
  equalBytes,
  type Hash,
  toHex,
  utf8,
} from '@banyan/base'
import { genesisCollection } from '@banyan/contracts'
import { ed25519Address, secp256k1Address } from '@banyan/crypto'
import { native as provider } from '@banyan/crypto/native'
import {
  type Admission,
  admit,
  buildBlock,
  createChain,
  type DescribedBatch,
  decodeEnvelope,
  describeBatch,
  finalize,
  type Genesis,
  generalBatch,
  type Prices,
  proveAccount,
  proveAsset,
  proveBalance,
  proveChain,
  proveHeaderField,
  proveReceipt,
  proveRecent,
  proveStorage,
  proveTransaction,
  proveUtxo,
  readReceipt,
  roomOf,
  simulateCall,
  stateView,
  transferBatch,
  verifyTransaction,
  walletBaseFee,
} from '@banyan/ledger'
import type { ProofRequest } from '@banyan/light'
import type { BlockRecord, NodeApi, SubmitOutcome, WaitingTransaction } from '@banyan/node/api'
import { createHistory, type MemoryHistory } from './history.js'

/**
 * Test double of a node: one real chain in this process, without network and consensus. Transactions are put into a block
 * that is final at once; proofs and certificates are real or marked data in JSON.
 */
export type InstantChain = {
  readonly node: NodeApi
  readonly chain: ReturnType<typeof createChain>
  readonly history: MemoryHistory
  /** Makes transactions wait until `mine`. */
  hold: boolean
  /** Builds a block from all that waits, and from nothing if nothing does. */
  readonly mine: () => BlockRecord
  /** Lets a transaction seem to be in a block that is not final. */
  readonly pretend: (id: Hash, state: WaitingTransaction['state']) => void
  /** Records of epochs, of any content. */
  records: readonly Uint8Array[]
  /** Envelopes of each call of `submit`. */
  readonly submissions: number[]
  /** What `submit` answers instead of taking anything in. */
  refusal: BanyanError | undefined
}

export { provider }

export const oneFig = 10n ** 18n
/** Seeds of ed25519 accounts and secrets of secp256k1 accounts, both rich. */
export const seeds = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte))
export const secrets = [4, 5, 6].map((byte) => new Uint8Array(32).fill(byte))
export const people: readonly Address[] = seeds.map((seed) =>
  ed25519Address(provider, provider.ed25519.publicKey(seed)),
)
export const wallets: readonly Address[] = secrets.map((secret) =>
  secp256k1Address(provider, provider.secp256k1.publicKey(secret)),
)
export const proposer = asAddress(new Uint8Array(20).fill(0xee))

export const chainId = 424_242
const price = 1_000_000n

export const genesis: Genesis = {
  chainId: BigInt(chainId),
  timestamp: 1_700_000_000_000n,
  fees: {
    start: { compute: price, bytes: price, state: price },
    floor: { compute: 1_000n, bytes: 1_000n, state: 1_000n },
    limit: { compute: 20_000_000, bytes: 60_000_000, state: 20_000_000 },
  },
  maxRows: 100_000,
  accounts: [...people, ...wallets].map((address) => ({ address, balance: 1_000n * oneFig })),
  assets: [
    {
      issuer: people[0]!,
      flags: 3,
      decimals: 6,
      cap: 10n ** 15n,
      metadataHash: asHash(new Uint8Array(32)),
      name: 'Olive',
      symbol: 'OLV',
      holders: [
        { owner: people[0]!, amount: 5_000_000n },
        { owner: wallets[0]!, amount: 7_000_000n },
      ],
    },
  ],
}

const jsonOf = (value: unknown): Uint8Array =>
  utf8(
    JSON.stringify(value, (_, field: unknown) =>
      field instanceof Uint8Array ? toHex(field) : typeof field === 'bigint' ? String(field) : field,
    ),
  )

export function createInstantChain(changes: Partial<Genesis> = {}): InstantChain {
  const chain = createChain({
    genesis: { ...genesis, ...changes },
    provider,
    collection: genesisCollection,
    memory: 'private',
    capacity: { accounts: 64, balances: 64, utxos: 64, storage: 64 },
  })
  const history = createHistory(chain)
  const finalListeners = new Set<(block: BlockRecord) => void>()
  const pendingListeners = new Set<(ids: readonly Hash[]) => void>()
  const pretended = new Map<string, WaitingTransaction['state']>()
  let queue: { readonly envelope: Uint8Array; readonly admission: Pick<Admission, 'id' | 'sender'> }[] = []
  let newest = history.executed(0)!.record
  let prices: Prices = chain.genesis.fees.start

  const readPrices = (): Prices => {
    const { words } = chain.state.chain
    const at = (offset: number): bigint => BigInt(words[offset]!) | (BigInt(words[offset + 1]!) << 32n)
    return { compute: at(4), bytes: at(6), state: at(8) }
  }

  const batchesOf = (envelopes: readonly Uint8Array[]): DescribedBatch[] => {
    const runs: Uint8Array[][] = []
    for (const [i, envelope] of envelopes.entries()) {
      const before = envelopes[i - 1]
      if (before !== undefined && (before[0] === 0x7a) === (envelope[0] === 0x7a)) runs.at(-1)!.push(envelope)
      else runs.push([envelope])
    }
    return runs.map((run) => {
      const isTransfers = run[0]![0] === 0x7a
      const records = run.map((envelope) => Buffer.from(envelope.subarray(1)))
      const batch = isTransfers ? transferBatch(new Uint8Array(Buffer.concat(records))) : generalBatch(run)
      return describeBatch(provider, chain.domains, batch)
    })
  }

  const mine = (): BlockRecord => {
    const described = batchesOf(queue.map(({ envelope }) => envelope))
    queue = []
    const { height, timestamp } = chain.head.header
    const baseFee = walletBaseFee(prices)
    const block = buildBlock(chain, {
      batches: described,
      proposer,
      timestamp: timestamp + 250n,
      view: height + 1,
    })
    finalize(chain, block.header.height)
    newest = history.add(block, described, baseFee)
    prices = readPrices()
    for (const listener of finalListeners) listener(newest)
    return newest
  }

  const accept = (envelope: Uint8Array): Hash => {
    if (instant.refusal !== undefined) throw instant.refusal
    let admission: Pick<Admission, 'id' | 'sender'>
    try {
      admission = admit(chain, envelope)
    } catch (error) {
      // The next nonce after one that waits: all but the nonce was found right.
      const isNext = error instanceof BanyanError && error.kind === 'NonceTooHigh'
      if (!isNext || BigInt(error.details['given']!) !== pendingNonceFor(envelope)) throw error
      admission = verifyTransaction(provider, chain.domains, decodeEnvelope(envelope), envelope)
    }
    queue.push({ envelope, admission })
    for (const listener of pendingListeners) listener([admission.id])
    return admission.id
  }

  const pendingNonceFor = (envelope: Uint8Array): bigint => {
    const { sender } = verifyTransaction(provider, chain.domains, decodeEnvelope(envelope), envelope)
    return pendingNonce(sender)
  }

  const pendingNonce = (account: Address): bigint => {
    const waiting = queue.filter(
      ({ envelope, admission }) =>
        envelope[0] !== 0x7a &&
        envelope[0] !== 0x7b &&
        envelope[0] !== 0x7c &&
        equalBytes(admission.sender, account),
    )
    return (view.account(account)?.nonce ?? 0n) + BigInt(waiting.length)
  }

  const submit = async (envelopes: readonly Uint8Array[]): Promise<readonly SubmitOutcome[]> => {
    instant.submissions.push(envelopes.length)
    const outcomes = envelopes.map((envelope): SubmitOutcome => {
      try {
        return { id: accept(envelope) }
      } catch (error) {
        if (error instanceof BanyanError) return { error }
        throw error
      }
    })
    if (!instant.hold && queue.length > 0) mine()
    return outcomes
  }

  /** State proofs lead to the header of the next block, which is made for them. */
  const proveState = (proof: unknown) => {
    if (proof === undefined) return undefined
    const { header, id } = mine()
    return { height: header.height, blockId: id, bytes: jsonOf({ stateRoot: header.stateRoot, proof }) }
  }

  const proveInBlock = async (request: Extract<ProofRequest, { kind: 'receipt' | 'transaction' }>) => {
    const included = await history.transaction(request.id)
    const kept = included && history.executed(included.height)
    if (kept?.block === undefined) return undefined
    const { block, described, record } = kept
    const index = Array.from({ length: block.header.transactionCount }, (_, i) => i).findIndex((i) => {
      const { id, status } = readReceipt(block.receipts, i)
      return equalBytes(id, request.id) && status !== 'skipped'
    })
    const proof =
      request.kind === 'receipt'
        ? proveReceipt(provider, block.receipts, index)
        : proveTransaction(provider, described, request.id)
    const { receiptsRoot, payloadRoot } = block.header
    return {
      height: record.header.height,
      blockId: record.id,
      bytes: jsonOf({ receiptsRoot, payloadRoot, proof }),
    }
  }

  const prove: NodeApi['prove'] = async (request) => {
    switch (request.kind) {
      case 'account':
        return proveState(proveAccount(chain, request.address))
      case 'balance':
        return proveState(proveBalance(chain, request.owner, request.asset))
      case 'storage':
        return proveState(proveStorage(chain, request.key))
      case 'utxo':
        return proveState(proveUtxo(chain, request.id))
      case 'asset':
        return proveState(proveAsset(chain, request.asset))
      case 'recent':
        return proveState(proveRecent(chain, request.height))
      case 'chain':
        return proveState(proveChain(chain))
      case 'header': {
        const kept = history.executed(request.height)
        if (kept === undefined) return undefined
        const { header, id } = kept.record
        return { height: header.height, blockId: id, bytes: jsonOf({ header }) }
      }
      case 'headerField': {
        const kept = history.executed(request.height)
        if (kept === undefined) return undefined
        const { header, id } = kept.record
        const proof = proveHeaderField(provider, header, request.field)
        return { height: header.height, blockId: id, bytes: jsonOf({ proof }) }
      }
      default:
        return proveInBlock(request)
    }
  }

  const view = stateView(chain.state)
  const listen =
    <Listener>(listeners: Set<Listener>) =>
    (listener: Listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    }

  const node: NodeApi = {
    identity: {
      chainId: chain.domains.chainId,
      genesisId: chain.genesisId,
      version: '0.1.0',
      provider,
      collection: genesisCollection,
      gasLimit: chain.genesis.fees.limit,
    },
    status: () => ({ peers: 0, syncing: undefined, ready: true }),
    validators: () => ({
      epoch: 0,
      validators: [{ address: proposer, publicKey: new Uint8Array(32), weight: 1n }],
    }),
    head: () => newest,
    view: () => view,
    block: () => {
      const { height, timestamp, proposer: by } = newest.header
      return { chainId: chain.domains.chainId, height: BigInt(height) as never, timestamp, proposer: by }
    },
    prices: () => prices,
    simulate: (call) =>
      simulateCall({ host: chain.host, view, block: node.block(), room: roomOf(chain.state) }, call),
    submit,
    pendingNonce,
    waiting: (id) => {
      const found = queue.find(({ admission }) => equalBytes(admission.id, id))
      if (found === undefined) return undefined
      const state = pretended.get(toHex(id)) ?? { kind: 'pending' }
      return { envelope: found.envelope, sender: found.admission.sender, state }
    },
    indexed: async () => undefined,
    onFinal: listen(finalListeners),
    onPending: listen(pendingListeners),
    prove,
    certificate: async (height) => {
      const kept = history.executed(height)
      return kept && { height, blockId: kept.record.id, bytes: utf8(`certificate of block ${height}`) }
    },
    epochs: (from, limit) => instant.records.slice(from, from + limit),
    history,
  }

  const instant: InstantChain = {
    node,
    chain,
    history,
    hold: false,
    mine,
    pretend: (id, state) => pretended.set(toHex(id), state),
    records: [1, 2, 3].map((epoch) => utf8(`epoch ${epoch}`)),
    submissions: [],
    refusal: undefined,
  }
  return instant
}
