import { asChainId, asHash, createReader, createWriter, equalBytes, fail, type Hash } from '@banyan/base'
import { maxMembers, type QuorumRule, type Validator } from '@banyan/consensus'
import type { CryptoProvider } from '@banyan/crypto'
import type { LightChain } from './committees.js'
import { readValidators, writeValidators } from './epoch-record.js'

/** The newest block that was seen to be final. */
export type SeenBlock = { readonly height: number; readonly id: Hash; readonly timestamp: bigint }

/** What a light client knows: where to go on later. */
export type Checkpoint = {
  readonly chain: LightChain
  /** Epoch whose record is needed next, and the committees of it and of the one after. */
  readonly epoch: number
  readonly pair: readonly [readonly Validator[], readonly Validator[]]
  readonly seen: SeenBlock
}

const version = 1
const rules: readonly QuorumRule[] = ['byzantine', 'crash']
const checksumBytes = 32
const maxCheckpointBytes = 256 + 2 * maxMembers * 108

/** docs/formats.md "Checkpoints". */
export function encodeCheckpoint(
  provider: CryptoProvider,
  { chain, epoch, pair, seen }: Checkpoint,
): Uint8Array {
  const out = createWriter()
    .u32(version)
    .u64(chain.chainId)
    .fixed(chain.genesisId)
    .u64(chain.epochBlocks)
    .u8(rules.indexOf(chain.quorumRule))
    .u64(seen.height)
    .fixed(seen.id)
    .u64(seen.timestamp)
    .u64(epoch)
  for (const validators of pair) writeValidators(out, validators)
  const body = out.done()
  return createWriter().fixed(body).fixed(provider.sha256(body)).done()
}

function refuse(reason: string): never {
  return fail('CheckpointInvalid', { reason })
}

/** Error: CheckpointInvalid. */
export function decodeCheckpoint(provider: CryptoProvider, bytes: Uint8Array): Checkpoint {
  if (bytes.length < checksumBytes || bytes.length > maxCheckpointBytes) refuse('its length is wrong')
  const body = bytes.subarray(0, bytes.length - checksumBytes)
  if (!equalBytes(provider.sha256(body), bytes.subarray(body.length))) refuse('its checksum is wrong')
  const from = createReader(body, refuse)
  if (from.u32(0xffffffff) !== version) refuse('it is of another version')
  const chain: LightChain = {
    chainId: asChainId(from.big64()),
    genesisId: asHash(from.fixed(32)),
    epochBlocks: from.u64(),
    quorumRule: rules[from.u8(rules.length - 1)]!,
  }
  const seen = { height: from.u64(), id: asHash(from.fixed(32)), timestamp: from.big64() }
  const epoch = from.u64()
  const pair = [readValidators(from), readValidators(from)] as const
  from.end()
  return { chain, epoch, pair, seen }
}
