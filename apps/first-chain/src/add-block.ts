import { fail } from '@banyan/base'
import { native as provider } from '@banyan/crypto/native'
import { type Batch, buildBlock, describeBatch, findInvalidSignature } from '@banyan/ledger'
import type { ChainStore } from '@banyan/node'
import { theo } from './people.js'
import { blockDone } from './print.js'

/** Makes a block of one batch, as a proposer would, stores it, and says what happened. Error: SignatureInvalid. */
export async function addBlock({ chain, append, finalize }: ChainStore, batch: Batch): Promise<void> {
  const described = describeBatch(provider, chain.domains, batch)
  if (findInvalidSignature(provider, described) >= 0) fail('SignatureInvalid')
  const parent = chain.head.header
  const now = BigInt(Date.now())
  const timestamp = now > parent.timestamp ? now : parent.timestamp + 1n
  const started = performance.now()
  const block = buildBlock(chain, {
    batches: [described],
    proposer: theo.address,
    timestamp,
    view: parent.view + 1,
  })
  const executed = performance.now()
  await append({ header: block.header, batches: [batch] }, new Uint8Array(0))
  // One program makes this chain alone: nobody has to agree.
  await finalize(block.header.height, block.id, new Uint8Array(0))
  blockDone(block, { executed: executed - started, durable: performance.now() - executed })
}
