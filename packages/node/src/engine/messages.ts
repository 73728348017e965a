import { asHash, type Hash, type Reader } from '@banyan/base'
import { malformed, reader, writer } from './bytes.js'
import type { ProgramVersions } from './versions.js'

/** What nodes tell each other (docs/formats.md "Messages between nodes"). Nothing in them has been checked but their form. */
export type Message =
  /**
   * The first message on a connection, in this form for all versions: whose range does not meet the own one cannot be talked
   * with. A validator proves which key is its own.
   */
  | {
      readonly kind: 'hello'
      readonly genesisId: Hash
      readonly versions: ProgramVersions['messages']
      readonly validator: { readonly key: Uint8Array; readonly signature: Uint8Array } | undefined
    }
  /** How far the sender is. */
  | { readonly kind: 'status'; readonly epoch: number; readonly height: number }
  /** A message of the consensus package, of one epoch. */
  | { readonly kind: 'consensus'; readonly epoch: number; readonly bytes: Uint8Array }
  /** A proposal: what the header does not say of itself are the batches that its payload root commits to. */
  | {
      readonly kind: 'proposal'
      readonly epoch: number
      readonly header: Uint8Array
      readonly digests: readonly Hash[]
      /** The proposer's vote as a consensus message. */
      readonly vote: Uint8Array
    }
  /** A batch by the sender; sequences ascend. */
  | { readonly kind: 'batch'; readonly sequence: number; readonly bytes: Uint8Array }
  /** The sender's newest final block. */
  | { readonly kind: 'final'; readonly header: Uint8Array; readonly proof: Uint8Array }

const kinds = ['hello', 'status', 'consensus', 'proposal', 'batch', 'final'] as const
const maxVersion = 2 ** 16
const maxHeader = 2 ** 21
const maxBatches = 1024
const maxVote = 2 ** 12
export const maxProof = 2 ** 22

export function encodeMessage(message: Message): Uint8Array {
  const out = writer().u32(kinds.indexOf(message.kind))
  switch (message.kind) {
    case 'hello': {
      out.fixed(message.genesisId).u32(message.versions.least).u32(message.versions.newest)
      out.u32(message.validator === undefined ? 0 : 1)
      if (message.validator !== undefined) out.fixed(message.validator.key).fixed(message.validator.signature)
      break
    }
    case 'status':
      out.u64(message.epoch).u64(message.height)
      break
    case 'consensus':
      out.u64(message.epoch).fixed(message.bytes)
      break
    case 'proposal':
      out.u64(message.epoch).bytes(message.header)
      writeHashes(out, message.digests)
      out.bytes(message.vote)
      break
    case 'batch':
      // Four bytes of zeros, so that the batch starts on an eight-byte boundary.
      out.u32(0).u64(message.sequence).fixed(message.bytes)
      break
    case 'final':
      out.bytes(message.header).bytes(message.proof)
      break
  }
  return out.done()
}

/** Error: MessageMalformed. The bytes of a batch and of a consensus message are views. */
export function decodeMessage(bytes: Uint8Array): Message {
  const from = reader(bytes)
  const message = readMessage(from, kinds[from.u32(kinds.length - 1)]!)
  from.end()
  return message
}

function readMessage(from: Reader, kind: Message['kind']): Message {
  switch (kind) {
    case 'hello': {
      const genesisId = asHash(from.fixed(32))
      const versions = { least: from.u32(maxVersion), newest: from.u32(maxVersion) }
      const validator = from.u32(1) === 0 ? undefined : { key: from.fixed(32), signature: from.fixed(64) }
      return { kind, genesisId, versions, validator }
    }
    case 'status':
      return { kind, epoch: from.u64(), height: from.u64() }
    case 'consensus':
      return { kind, epoch: from.u64(), bytes: from.rest() }
    case 'proposal': {
      const epoch = from.u64()
      const header = from.bytes(maxHeader)
      const digests = readHashes(from, maxBatches)
      return { kind, epoch, header, digests, vote: from.bytes(maxVote) }
    }
    case 'batch':
      if (from.u32(0) !== 0) malformed('its padding is not zero')
      return { kind, sequence: from.u64(), bytes: from.rest() }
    case 'final':
      return { kind, header: from.bytes(maxHeader), proof: from.bytes(maxProof) }
  }
}

export function writeHashes(out: ReturnType<typeof writer>, hashes: readonly Hash[]): void {
  out.u32(hashes.length)
  for (const hash of hashes) out.fixed(hash)
}

export function readHashes(from: Reader, limit: number): readonly Hash[] {
  return Array.from({ length: from.u32(limit) }, () => asHash(from.fixed(32)))
}
