import { asChainId, asHash, type ChainId, type Hash as Digest, fromHex, type Hex } from '@banyan/base'
import { portable } from '@banyan/crypto'
import { createLightClient, type LightChain, type LightClient, type LightStart } from '@banyan/light'
import type { Client } from './client.js'
import { requireHash } from './hex.js'

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
 * A light client at the client's node: pass it as `verify`, and balances are proven instead of believed. In an entry of
 * its own, since it is larger than all the rest. Errors: CheckpointInvalid, CommitteeInvalid, ArgumentInvalid.
 */
export function createVerifier(client: Client, trust: Trust): LightClient {
  const { chainId, genesisId, start, onCheckpoint, ...rules } = trust
  const id: Digest = asHash(fromHex(requireHash(genesisId, 'genesisId'))!)
  const number: ChainId = asChainId(BigInt(chainId))
  return createLightClient({
    urls: [client.url],
    chain: { ...rules, chainId: number, genesisId: id },
    start,
    provider: portable,
    fetch: client.fetch,
    timeoutMs: client.timeoutMs,
    ...(onCheckpoint && { onCheckpoint }),
  })
}
