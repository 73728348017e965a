import { fail } from '@banyan/base'
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import type { Ed25519PrivateKey } from '@libp2p/interface'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import type { PeerId } from './network.js'

/** The ed25519 key of a 32-byte seed, in the form libp2p wants. */
export function keyOfSeed(seed: Uint8Array): Promise<Ed25519PrivateKey> {
  return generateKeyPairFromSeed('Ed25519', seed)
}

/** The peer id of a node whose identity has this 32-byte seed. Fails with KeyMalformed. */
export async function peerIdOfSeed(seed: Uint8Array): Promise<PeerId> {
  if (seed.length !== 32) fail('KeyMalformed', { algorithm: 'ed25519' })
  return peerIdFromPrivateKey(await keyOfSeed(seed)).toString()
}
