import { asAddress, toHex } from '@banyan/base'
import { ed25519Address } from '@banyan/crypto'
import { native as provider } from '@banyan/crypto/native'
import { peerIdOfSeed } from '@banyan/network'
import { requireOwnerAlone } from '@banyan/program'
import { z } from 'zod'
import type { SignerKeys } from '../engine/state.js'
import { modeOf, readJson, writeNewJson } from './files.js'
import { addressForm, bytesOf } from './forms.js'

/** Secrets of a node: never logged, never shown, in a file that only its owner can read. */
export type NodeKeys = {
  /** Of its name among peers. */
  readonly peerSeed: Uint8Array
  /** Of its votes. */
  readonly ed25519Seed: Uint8Array
  readonly blsSecret: Uint8Array
}

const keysForm = z.strictObject({
  version: z.literal(1),
  peerSeed: bytesOf(32),
  ed25519Seed: bytesOf(32),
  blsSecret: bytesOf(32),
})

/** What others may know of a node's keys, and need to make it a validator. */
export const publicPartsForm = z.strictObject({
  address: addressForm,
  ed25519Key: bytesOf(32),
  blsKey: bytesOf(48),
  /** Shows that the secret of the BLS key is known. */
  possession: bytesOf(96),
  peerId: z.string(),
})

export type PublicParts = z.output<typeof publicPartsForm>

/** Makes new keys and writes them to a new file with mode 600. Errors: FileExists, DiskFull, DiskFailed. */
export async function makeKeys(path: string): Promise<NodeKeys> {
  const blsSecret = provider.randomBytes(32)
  // Below 2^254, which is less than the order of the group.
  blsSecret[0]! &= 0x3f
  const keys = { peerSeed: provider.randomBytes(32), ed25519Seed: provider.randomBytes(32), blsSecret }
  const texts = Object.entries(keys).map(([name, bytes]) => [name, toHex(bytes)])
  await writeNewJson(path, { version: 1, ...Object.fromEntries(texts) }, 0o600)
  return keys
}

/** Reads a key file. Errors: FileUnreadable, FileInvalid, KeyFileExposed. */
export async function readKeys(path: string): Promise<NodeKeys> {
  requireOwnerAlone(path, await modeOf(path))
  return readJson(path, keysForm)
}

export async function publicParts({ peerSeed, ed25519Seed, blsSecret }: NodeKeys): Promise<PublicParts> {
  const ed25519Key = provider.ed25519.publicKey(ed25519Seed)
  return {
    address: ed25519Address(provider, ed25519Key),
    ed25519Key,
    blsKey: provider.bls.publicKey(blsSecret),
    possession: provider.bls.provePossession(blsSecret),
    peerId: await peerIdOfSeed(peerSeed),
  }
}

/** As `publicPartsForm` reads them. */
export function publicPartsText(parts: PublicParts) {
  return {
    address: toHex(parts.address),
    ed25519Key: toHex(parts.ed25519Key),
    blsKey: toHex(parts.blsKey),
    possession: toHex(parts.possession),
    peerId: parts.peerId,
  }
}

/** What the engine signs votes with. */
export function signerKeys({ ed25519Seed, blsSecret }: NodeKeys): SignerKeys {
  const ed25519Key = provider.ed25519.publicKey(ed25519Seed)
  return {
    address: asAddress(ed25519Address(provider, ed25519Key)),
    ed25519Key,
    signEd25519: (message) => provider.ed25519.sign(message, ed25519Seed),
    blsKey: provider.bls.publicKey(blsSecret),
    signBls: (message) => provider.bls.sign(message, blsSecret),
  }
}
