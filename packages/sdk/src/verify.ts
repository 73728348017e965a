import {
  asChainId,
  asHash,
  type ChainId,
  concatBytes,
  type Hash as Digest,
  equalBytes,
  fromHex,
  type Hex,
} from '@banyan/base'
import { listRoot, logRoot, portable } from '@banyan/crypto'
import { createLightClient, type LightChain, type LightStart } from '@banyan/light'
import type { Client } from './client.js'
import { requireHash } from './hex.js'
import type { Log } from './read/transactions.js'
import type { Verifier } from './verifier.js'

export { type GenesisTrust, readTrust } from './genesis-trust.js'
export { type BlockProof, proveBlock } from './prove-block.js'

/** What somebody trusts, from elsewhere than the node: docs/light-client.md. */
export type Trust = {
  readonly chainId: number
  readonly genesisId: Hex
} & Omit<LightChain, 'chainId' | 'genesisId'> & {
    readonly start: LightStart
    /** Called with the bytes to start from next time, whenever another epoch is known. */
    readonly onCheckpoint?: (checkpoint: Uint8Array) => void
  }

/**
 * A light client at the client's node: pass it as `verify`, and balances and receipts are proven instead of believed. In an entry of
 * its own, since it is larger than all the rest. Errors: CheckpointInvalid, CommitteeInvalid, ArgumentInvalid.
 */
export function createVerifier(client: Client, trust: Trust): Verifier {
  const { chainId, genesisId, start, onCheckpoint, ...rules } = trust
  const id: Digest = asHash(fromHex(requireHash(genesisId, 'genesisId'))!)
  const number: ChainId = asChainId(BigInt(chainId))
  const light = createLightClient({
    urls: [client.url],
    chain: { ...rules, chainId: number, genesisId: id },
    start,
    provider: portable,
    fetch: client.fetch,
    timeoutMs: client.timeoutMs,
    ...(onCheckpoint && { onCheckpoint }),
  })
  return { ...light, areLogs }
}

/** Depth of the list of logs: docs/formats.md "Receipts". */
const logsDepth = 10

function areLogs(logsRoot: Uint8Array, logs: readonly Log[]): boolean {
  const bytes = (text: Hex): Uint8Array => fromHex(text) ?? new Uint8Array(0)
  const roots = logs.map(({ address, topics, data }) =>
    logRoot(portable, { address: bytes(address), topics: topics.map(bytes), data: bytes(data) }),
  )
  return equalBytes(listRoot(portable, concatBytes(...roots), logsDepth), logsRoot)
}
