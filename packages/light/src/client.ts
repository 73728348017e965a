import { type Address, type AssetId, BanyanError, fail, fig, fromHex, type Hash, toHex } from '@banyan/base'
import type { CryptoProvider } from '@banyan/crypto'
import type { Account, Asset, HeaderSummary, Receipt, Utxo } from '@banyan/ledger/proofs'
import type { SeenBlock } from './checkpoint.js'
import type { LightChain } from './committees.js'
import type { ProvenValue } from './contents.js'
import { createLightCore, type LightCore, type LightStart, type Proven } from './core.js'
import { type Fetch, getBytes, getJson, type HttpOptions } from './http.js'
import { maxProofBytes, type ProofKind, type ProofRequest, type RequestOf } from './proof.js'
import { splitRecords } from './record-list.js'

export type LightClientOptions = {
  /** Origins of nodes, such as `https://node.example`; they are asked in this order until one satisfies. At least one. */
  readonly urls: readonly string[]
  readonly chain: LightChain
  readonly start: LightStart
  readonly provider: CryptoProvider
  /** By default that of the platform. */
  readonly fetch?: Fetch
  /** Time for one answer, ms; a proof of a row comes with the next block. Default 30,000. */
  readonly timeoutMs?: number
  /** How old, by this machine's clock, a block may be that a row is shown under, ms. Default 300,000. */
  readonly maxAgeMs?: number
  /** Epochs whose committees are remembered. Default 64. */
  readonly keepEpochs?: number
  /** Milliseconds since the Unix epoch. By default the clock of this machine. */
  readonly now?: () => number
  /** Called whenever another epoch is known, with the bytes to go on from later. */
  readonly onCheckpoint?: (checkpoint: Uint8Array) => void
}

/**
 * Asks nodes and believes only what it has checked. Every question follows the chain as far as it must. Errors:
 * NodeUnreachable, AnswerTooLarge, and those of `LightCore.check`: of the last node that was asked.
 */
export type LightClient = {
  /** Learns the committees of all epochs up to now, and the newest final block. */
  readonly follow: () => Promise<SeenBlock>
  readonly account: (address: Address) => Promise<Proven<Account | undefined>>
  /** Base units; `undefined` where there is no row. Asset 0 is FIG. */
  readonly balance: (owner: Address, asset: AssetId) => Promise<Proven<bigint | undefined>>
  /** A storage row of a contract by its key. */
  readonly storage: (key: Hash) => Promise<Proven<Uint8Array | undefined>>
  readonly utxo: (id: Hash) => Promise<Proven<Utxo | undefined>>
  readonly asset: (asset: AssetId) => Promise<Proven<Asset | undefined>>
  readonly receipt: (id: Hash) => Promise<Proven<Receipt>>
  /** Anything else that has a proof. */
  readonly prove: <Kind extends ProofKind>(request: RequestOf<Kind>) => Promise<Proven<ProvenValue[Kind]>>
  /** Header of a final block. */
  readonly header: (height: number) => Promise<Proven<HeaderSummary>>
  readonly core: LightCore
}

const maxStatusBytes = 2 ** 16
const maxRecordsBytes = 2 ** 22

/** Errors: CheckpointInvalid, CommitteeInvalid, OptionInvalid. Asks nothing yet. */
export function createLightClient(options: LightClientOptions): LightClient {
  const { urls, chain, start, provider, keepEpochs = 64, maxAgeMs = 300_000, now = Date.now } = options
  if (urls.length === 0) fail('OptionInvalid', { option: 'urls', reason: 'it names no node' })
  const { fetch: ask = (url, init) => fetch(url, init), timeoutMs = 30_000 } = options
  const http: HttpOptions = { fetch: ask, timeoutMs }
  const core = createLightCore({ provider, chain, start, keepEpochs })
  /** Nodes that are known to serve this chain. */
  const welcome = new Set<string>()

  const requireChain = async (url: string): Promise<void> => {
    if (welcome.has(url)) return
    const { genesisId } = await getJson(http, `${url}/v1/status`, maxStatusBytes)
    const expected = toHex(chain.genesisId)
    if (genesisId !== expected) {
      fail('ChainMismatch', { what: 'the genesis', actual: String(genesisId).slice(0, 80), expected })
    }
    welcome.add(url)
  }

  /** Takes the records of all epochs that the node has and this client has not. */
  const learnFrom = async (url: string): Promise<void> => {
    for (;;) {
      const before = core.nextEpoch()
      const records = splitRecords(await getBytes(http, `${url}/v1/epochs/${before}`, maxRecordsBytes))
      for (const record of records) core.takeEpoch(record)
      if (core.nextEpoch() === before) return
      options.onCheckpoint?.(core.checkpoint())
    }
  }

  let learning: Promise<void> = Promise.resolve()
  /** One after the other, however many questions wait for an epoch: records are taken in their order. */
  const followFrom = (url: string): Promise<void> => {
    const mine = learning.then(() => learnFrom(url))
    learning = mine.catch(() => undefined)
    return mine
  }

  const proofFrom = async (url: string, request: ProofRequest): Promise<Uint8Array> => {
    const { proof } = await getJson(http, `${url}${pathOf(request)}`, 2 * maxProofBytes + 1_000)
    const bytes = typeof proof === 'string' ? fromHex(proof) : undefined
    return bytes ?? fail('ProofMalformed', { reason: 'the answer holds no bytes' })
  }

  /** Tries one node after the other. What is no registry error is a defect and stops it. */
  const anyNode = async <Result>(work: (url: string) => Promise<Result>): Promise<Result> => {
    let last: unknown
    for (const url of urls) {
      try {
        await requireChain(url)
        return await work(url)
      } catch (error) {
        if (!(error instanceof BanyanError) || error.kind === 'InvariantBroken') throw error
        last = error
      }
    }
    throw last
  }

  const prove: LightClient['prove'] = (request) =>
    anyNode(async (url) => {
      const proof = await proofFrom(url, request)
      const freshness = { since: BigInt(Math.max(0, Math.floor(now() - maxAgeMs))) }
      try {
        return core.check(request, proof, freshness)
      } catch (error) {
        if (!(error instanceof BanyanError) || error.kind !== 'EpochUnknown') throw error
        await followFrom(url)
        return core.check(request, proof, freshness)
      }
    })

  const account: LightClient['account'] = (address) => prove({ kind: 'account', address })

  return {
    follow: () =>
      anyNode(async (url) => {
        await followFrom(url)
        const { height } = await getJson(http, `${url}/v1/status`, maxStatusBytes)
        if (typeof height === 'number' && height > core.newest().height) {
          const request = { kind: 'header', height } as const
          core.check(request, await proofFrom(url, request))
        }
        return core.newest()
      }),
    account,
    balance: async (owner, asset) => {
      if (asset !== fig) return prove({ kind: 'balance', owner, asset })
      const { value, block } = await account(owner)
      return { value: value?.balance, block }
    },
    storage: (key) => prove({ kind: 'storage', key }),
    utxo: (id) => prove({ kind: 'utxo', id }),
    asset: (asset) => prove({ kind: 'asset', asset }),
    receipt: (id) => prove({ kind: 'receipt', id }),
    prove,
    header: (height) => prove({ kind: 'header', height }),
    core,
  }
}

/** Where a node answers a request: docs/rpc.md "Native API". */
function pathOf(request: ProofRequest): string {
  switch (request.kind) {
    case 'account':
      return `/v1/accounts/${toHex(request.address)}/proof`
    case 'balance':
      return `/v1/accounts/${toHex(request.owner)}/balances/${request.asset}/proof`
    case 'storage':
      return `/v1/rows/${toHex(request.key)}/proof`
    case 'utxo':
      return `/v1/utxos/${toHex(request.id)}/proof`
    case 'asset':
      return `/v1/assets/${request.asset}/proof`
    case 'recent':
      return `/v1/recent/${request.height}/proof`
    case 'chain':
      return '/v1/chain/proof'
    case 'receipt':
      return `/v1/transactions/${toHex(request.id)}/receipt/proof`
    case 'transaction':
      return `/v1/transactions/${toHex(request.id)}/proof`
    case 'headerField':
      return `/v1/blocks/${request.height}/proof/${request.field}`
    case 'header':
      return `/v1/blocks/${request.height}/proof`
  }
}
