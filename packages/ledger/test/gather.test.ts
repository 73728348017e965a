import { concatBytes } from '@banyan/base'
import { native } from '@banyan/crypto/native'
import { describeBatch, gatherGeneral, gatherTransfers, generalBatch, transferBatch } from '@banyan/ledger'
import { expect, test } from 'vitest'
import * as S from './small-chain.js'

test('LED-3, LED-5: verified transactions gather to the very batch that describing their bytes yields', () => {
  const chain = S.newChain()
  const envelopes = [S.pack(chain), S.nativeCall(chain, { keys: [S.bob] }), S.ethereum(chain)]
  const described = describeBatch(native, chain.domains, generalBatch(envelopes))
  const [first, second, third] = described.entries
  expect(gatherGeneral(native, described.entries)).toEqual(described)
  const reordered = describeBatch(
    native,
    chain.domains,
    generalBatch([envelopes[2]!, envelopes[0]!, envelopes[1]!]),
  )
  expect(gatherGeneral(native, [third!, first!, second!])).toEqual(reordered)
})

test('LED-3, LED-5: described transfers gather to the very batch that describing their bytes yields', () => {
  const chain = S.newChain()
  const records = [1, 2, 3].map((byte) => S.transfer(chain, { payee: S.filled(byte) }).subarray(1))
  const describe = (order: readonly number[]) =>
    describeBatch(native, chain.domains, transferBatch(concatBytes(...order.map((i) => records[i]!))))
  const parts = [2, 0, 1].map((i) => describe([i]))
  const gathered = gatherTransfers(native, {
    records: concatBytes(records[2]!, records[0]!, records[1]!),
    ids: Uint32Array.from(parts.flatMap(({ ids }) => [...ids])),
    senders: Uint32Array.from(parts.flatMap(({ senders }) => [...senders])),
  })
  expect(gathered).toEqual(describe([2, 0, 1]))
})
