import { asHash, type Hash } from '@banyan/base'
import type { Vote, VotingScheme } from '@banyan/consensus'
import { blockNumber } from './blocks.js'

/**
 * A test double of a signature scheme, without cryptography. A signature is the number of an entry in a list that only
 * `signer` can add to, so nobody can sign for a key whose signer he was not given.
 */
export type MockScheme = {
  readonly scheme: VotingScheme
  readonly signer: (index: number) => (message: Hash) => Uint8Array
}

const kinds = ['notarize', 'nullify', 'finalize'] as const
/** Bytes of a message that differ: kind, view (8), block (4), committee (4). */
const messageLength = 17
const singleTag = 1
const combinedTag = 2
/** Stands among the parts of a combined signature for one that nobody made. */
const forged = -1

function writeU32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value
  bytes[at + 1] = value >>> 8
  bytes[at + 2] = value >>> 16
  bytes[at + 3] = value >>> 24
}

function readU32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < messageLength; i++) if (a[i] !== b[i]) return false
  return true
}

function encode(tag: number, number: number): Uint8Array {
  const bytes = new Uint8Array(5)
  bytes[0] = tag
  writeU32(bytes, 1, number)
  return bytes
}

/** The number in a signature's bytes, or one that stands for nothing. */
function decode(tag: number, bytes: Uint8Array): number {
  return bytes.length === 5 && bytes[0] === tag ? readU32(bytes, 1) : forged
}

/** `committee` tells the messages of one committee from those of another. */
export function createMockScheme(committee: number): MockScheme {
  const signers: number[] = []
  const messages: Uint8Array[] = []
  const combinations: (readonly number[])[] = []
  /** Signatures are deterministic: what was signed or combined before has its number here. */
  const known = new Map<string, number>()

  const isBy = (number: number, signer: number, message: Uint8Array): boolean =>
    signers[number] === signer && isSame(messages[number]!, message)

  function numberOf(content: string, next: number): number {
    const number = known.get(content) ?? next
    known.set(content, number)
    return number
  }

  function message(vote: Vote): Hash {
    const bytes = new Uint8Array(32)
    bytes[0] = kinds.indexOf(vote.kind)
    writeU32(bytes, 1, vote.view % 2 ** 32)
    writeU32(bytes, 5, Math.floor(vote.view / 2 ** 32))
    writeU32(bytes, 9, vote.kind === 'nullify' ? 0 : blockNumber(vote.blockId))
    writeU32(bytes, 13, committee)
    return asHash(bytes)
  }

  return {
    scheme: {
      name: 'mock',
      message,
      verify: (root, signer, signature) => isBy(decode(singleTag, signature), signer, root),
      combine(signatures) {
        const parts = signatures.map((signature) => decode(singleTag, signature))
        const number = numberOf(parts.join(), combinations.length)
        combinations[number] = parts
        return encode(combinedTag, number)
      },
      verifyCombined(root, indices, combined) {
        const parts = combinations[decode(combinedTag, combined)]
        if (parts === undefined || parts.length !== indices.length) return false
        return parts.every((part, i) => isBy(part, indices[i]!, root))
      },
    },
    signer: (index) => (root) => {
      const number = numberOf(`${index}:${root.subarray(0, messageLength).join()}`, signers.length)
      signers[number] = index
      messages[number] = root
      return encode(singleTag, number)
    },
  }
}
