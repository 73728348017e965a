import { native } from '@banyan/crypto/native'
import { describeBatch, gatherGeneral, generalBatch } from '@banyan/ledger'
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
