import { concatBytes, type Hash, toHex } from '@banyan/base'
import { type Block, blockParts } from '@banyan/ledger'
import { encodeEpochRecord } from '@banyan/light'
import { batchKey } from './batch-pool.js'
import { attempt } from './bytes.js'
import { decodeRequest, type Request } from './requests.js'
import type { EngineState } from './state.js'

const maxRangeBytes = 2 ** 24
const maxEpochs = 64

/** Answers what a peer asks: from memory, or by the store. */
export function serve(engine: EngineState, token: number, bytes: Uint8Array): void {
  const { effects } = engine
  const request = attempt(() => decodeRequest(bytes))
  if (request === undefined) {
    effects.push({ kind: 'respond', token, parts: undefined })
    return
  }
  switch (request.kind) {
    case 'range': {
      const { from, maxBlocks } = request
      effects.push({ kind: 'respondRange', token, from, maxBlocks, maxBytes: maxRangeBytes })
      return
    }
    case 'offer':
      effects.push({ kind: 'respondOffer', token })
      return
    case 'snapshot':
      effects.push({ kind: 'respondSnapshot', token, height: request.height })
      return
    default:
      effects.push({ kind: 'respond', token, parts: partsFor(engine, request) })
  }
}

function partsFor(
  engine: EngineState,
  request: Extract<Request, { kind: 'block' | 'batches' | 'epochs' }>,
): readonly Uint8Array[] | undefined {
  if (request.kind === 'batches') return batchesFor(engine, request.digests)
  if (request.kind === 'epochs') {
    const { from } = request
    return engine.records.slice(from, from + maxEpochs).map(encodeEpochRecord)
  }
  const block = knownBlock(engine, request.id)
  return block && [concatBytes(...blockParts(block))]
}

/** A block above the final one, or final since lately. */
function knownBlock({ tree, recent }: EngineState, id: Hash): Block | undefined {
  const node = tree.nodes.get(toHex(id)) ?? recent.get(toHex(id))
  return node && { header: node.header, batches: node.described.map(({ batch }) => batch) }
}

function batchesFor({ pool, recent }: EngineState, digests: readonly Hash[]): readonly Uint8Array[] {
  const parts: Uint8Array[] = []
  const old = new Map(
    [...recent.values()].flatMap(({ described }) =>
      described.map(({ digest, batch }) => [batchKey(digest), batch] as const),
    ),
  )
  for (const digest of digests) {
    const key = batchKey(digest)
    const batch = pool.batches.get(key)?.described.batch ?? old.get(key)
    if (batch !== undefined) parts.push(batch.bytes)
  }
  return parts
}
