import { hash, randomFillSync } from 'node:crypto'
import { asHash, type Hash } from '@banyan/base'
import { createKeccak } from 'hash-wasm'
import { requirePairLengths } from '../bounds.js'
import { load } from './load.js'

const hashtree = load<{ readonly hashInto: (input: Uint8Array, output: Uint8Array) => void }>(
  '@chainsafe/hashtree',
)
const keccak = await createKeccak(256)

/** A string with one character per byte costs half as much as a Buffer from Node. */
export function sha256(data: Uint8Array): Hash {
  const digest = hash('sha256', data, 'binary')
  const out = new Uint8Array(32)
  for (let i = 0; i < 32; i++) out[i] = digest.charCodeAt(i)
  return asHash(out)
}

/** WebAssembly: about seven times as fast as plain JavaScript on a transaction. */
export function keccak256(data: Uint8Array): Hash {
  return asHash(keccak.init().update(data).digest('binary'))
}

/** hashtree reads and writes shared memory correctly. */
export function hashPairs(input: Uint8Array, output: Uint8Array): void {
  requirePairLengths(input, output)
  if (output.length > 0) hashtree.hashInto(input, output)
}

export function randomBytes(length: number): Uint8Array {
  return randomFillSync(new Uint8Array(length))
}
