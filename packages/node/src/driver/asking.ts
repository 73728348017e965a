import { equalBytes } from '@banyan/base'
import { type Chain, type ChainOptions, restoreChain } from '@banyan/ledger'
import type { Network } from '@banyan/network'
import type { EngineEffect } from '../engine/events.js'
import type { ChainStore } from '../store/store.js'

/** A snapshot may be large and slow to come; the chain's own bounds limit its parts. */
const snapshotLimits = { maxBytes: 2 ** 36, timeoutMs: 10 * 60_000 }

/** The whole answer of a peer; nothing if it did not answer: the engine then asks another one. */
export async function ask(
  network: Network,
  { peer, bytes, maxBytes, timeoutMs }: Extract<EngineEffect, { kind: 'request' }>,
): Promise<readonly Uint8Array[] | undefined> {
  const received: Uint8Array[] = []
  try {
    for await (const part of network.request(peer, bytes, { maxBytes, timeoutMs })) received.push(part)
    return received
  } catch {
    return undefined
  }
}

/** Restores the snapshot of a peer, if it is the one wanted, and lets the store go on with it. */
export async function restore(
  network: Network,
  store: ChainStore,
  options: ChainOptions,
  effect: Extract<EngineEffect, { kind: 'restore' }>,
): Promise<Chain | undefined> {
  const { genesisId } = store.chain
  try {
    const chunks = network.request(effect.peer, effect.bytes, snapshotLimits)
    const chain = await restoreChain({ ...options, genesisId }, chunks)
    const isWanted = equalBytes(chain.head.id, effect.id) && equalBytes(chain.stateRoot, effect.stateRoot)
    if (!isWanted) return undefined
    await store.adopt(chain, effect.proof)
    return chain
  } catch {
    return undefined
  }
}
