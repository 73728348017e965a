import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asHash } from '@banyan/base'
import type { Evidence, SignedVote } from '@banyan/consensus'
import { openEvidence } from '@banyan/node/program'
import { expect, test } from 'vitest'

function signed(byte: number): SignedVote {
  const blockId = asHash(new Uint8Array(32).fill(byte))
  return { vote: { kind: 'notarize', view: 3, blockId }, signer: 1, signature: new Uint8Array(64).fill(byte) }
}

test('CON-5: evidence against a validator is on the disk, and still counted after a restart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'banyan-evidence-'))
  const evidence: Evidence = { kind: 'votes', first: signed(1), second: signed(2) }
  const first = await openEvidence(folder)
  expect(first.count()).toBe(0)
  await first.add(evidence, 0)
  await first.add(evidence, 7)
  expect(first.count()).toBe(2)
  await first.close()
  const second = await openEvidence(folder)
  expect(second.count()).toBe(2)
  await second.close()
  await rm(folder, { recursive: true })
})
