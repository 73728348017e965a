import { asAddress, asHash, BanyanError } from '@banyan/base'
import { buildBlock, type Chain, createChain, type ExecutedBlock, finalize, rollback } from '@banyan/ledger'
import { decodeProof, type FinalityProof } from '@banyan/light'
import { createRowProofs, type FinalBlock, type RowProofs } from '@banyan/node'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { chainOptions, payee, rulesFor, validatorKeys } from '../engine/people.js'

/** Proofs of rows that wait for the block above, while the chain moves as consensus moves it. */

const request = { kind: 'account', address: payee(1) } as const
const proposer = validatorKeys(0).address

const finality: FinalityProof = {
  epoch: 0,
  certificate: {
    rule: 'byzantine',
    vote: { kind: 'finalize', view: 1, blockId: asHash(new Uint8Array(32)) },
    signers: [0],
    signature: new Uint8Array(64),
  },
  links: [],
}

let chain: Chain
let proofs: RowProofs
let view = 1

beforeEach(() => {
  vi.useFakeTimers()
  chain = createChain(chainOptions(rulesFor(1)))
  proofs = createRowProofs(() => chain)
})
afterEach(() => {
  vi.useRealTimers()
})

/** A block with other bytes than any before, as of consensus not final yet. */
function build(by = proposer): ExecutedBlock {
  const { timestamp } = chain.head.header
  return buildBlock(chain, { batches: [], proposer: by, timestamp: timestamp + 1n, view: view++ })
}

function declareFinal(executed: ExecutedBlock): void {
  finalize(chain, executed.header.height)
  const final: FinalBlock = {
    block: { header: executed.header, batches: [] },
    described: [],
    executed,
    finality: () => finality,
  }
  proofs.final(final)
}

/** Whether a promise is settled, and its value. */
async function stateOf<Value>(promise: Promise<Value>): Promise<Value | 'open'> {
  return Promise.race([promise, Promise.resolve('open' as const)])
}

test('LED-8: a proof of a row is handed out with the block above the state that it was read from', async () => {
  const first = build()
  const proof = proofs.prove(request)
  declareFinal(first)
  expect(await stateOf(proof)).toBe('open')
  const second = build()
  expect(await stateOf(proof)).toBe('open')
  declareFinal(second)
  const { height, blockId, bytes } = (await proof)!
  expect([height, blockId]).toEqual([2, second.id])
  const { header } = decodeProof(bytes)
  expect(header.stateRoot).toEqual(first.stateRoot)
})

test('LED-8: a proof from a block that another one replaced is read again', async () => {
  declareFinal(build())
  build()
  const proof = proofs.prove(request)
  rollback(chain)
  const other = build(asAddress(new Uint8Array(20).fill(3)))
  const third = build()
  declareFinal(other)
  declareFinal(third)
  expect(await stateOf(proof), 'its parent is not the block that was read').toBe('open')
  const fourth = build()
  declareFinal(fourth)
  const { height, bytes } = (await proof)!
  expect(height).toBe(4)
  expect(decodeProof(bytes).header.stateRoot).toEqual(third.stateRoot)
})

test('LED-8, QLT-6: proofs that wait are bounded in number, time and attempts', async () => {
  declareFinal(build())
  const waiting = Array.from({ length: 1_024 }, () => proofs.prove(request))
  await expect((async () => proofs.prove(request))()).rejects.toSatisfy(
    (error) => error instanceof BanyanError && error.kind === 'RequestLimitExceeded',
  )
  vi.advanceTimersByTime(25_000)
  expect(new Set(await Promise.all(waiting))).toEqual(new Set([undefined]))
  declareFinal(build())
  expect(vi.getTimerCount()).toBe(0)

  build()
  const replaced = proofs.prove(request)
  for (let i = 1; i <= 8; i++) {
    expect(await stateOf(replaced), `attempt ${i}`).toBe('open')
    rollback(chain)
    const [instead, above] = [build(), build()]
    // What is read next will be replaced as well.
    build()
    declareFinal(instead)
    declareFinal(above)
  }
  expect(await replaced).toBeUndefined()
  expect(vi.getTimerCount()).toBe(0)
})

test('LED-8: whoever waits gets an answer when the node stops', async () => {
  declareFinal(build())
  const proof = proofs.prove(request)
  proofs.close()
  expect(await proof).toBeUndefined()
  expect(vi.getTimerCount()).toBe(0)
})
