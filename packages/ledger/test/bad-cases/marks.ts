import { asHeight } from '@banyan/base'
import type { Chain } from '@banyan/ledger'
import * as S from '../small-chain.js'
import { type Bad, foreign, zeroMark } from './case.js'

type Fields = { readonly mark?: typeof zeroMark; readonly validUntil?: ReturnType<typeof asHeight> }
const marked = { transfer: S.transfer, pack: S.pack, nativeCall: S.nativeCall } as const

/** What is wrong in the same way with every type that has a mark. */
export const markCases = Object.entries(marked).flatMap(([name, make]): Bad[] => {
  const made = (fields: (chain: Chain) => Fields) => (chain: Chain) => make(chain, fields(chain) as never)
  const height = (chain: Chain) => BigInt(chain.head.header.height)
  const fate = 'skipped'
  return [
    {
      what: `${name}: a foreign mark`,
      error: 'MarkUnknown',
      fate,
      make: made(() => ({ mark: zeroMark })),
      details: { window: 64 },
    },
    {
      what: `${name}: a mark of 65 blocks ago`,
      error: 'MarkUnknown',
      fate,
      make: (chain) => {
        const mark = chain.head.id
        S.addEmptyBlocks(chain, 64)
        return make(chain, { mark, validUntil: asHeight(height(chain) + 1n) } as never)
      },
    },
    {
      what: `${name}: expired`,
      error: 'TransactionExpired',
      fate,
      make: made((chain) => ({ validUntil: asHeight(height(chain)) })),
      details: { validUntil: 2n, height: 3 },
    },
    {
      what: `${name}: valid for too long`,
      error: 'ValidityTooLong',
      fate,
      make: made((chain) => ({ validUntil: asHeight(height(chain) + 65n) })),
      details: { validUntil: 67n, limit: 66 },
    },
    {
      what: `${name}: valid for ever`,
      error: 'ValidityTooLong',
      fate,
      make: made(() => ({ validUntil: asHeight(2n ** 64n - 1n) })),
    },
    {
      what: `${name}: replayed`,
      error: 'TransactionReplayed',
      fate,
      make: (chain) => {
        const envelope = make(chain)
        S.addBlock(chain, [envelope])
        return envelope
      },
    },
    {
      what: `${name}: replayed in the last block that it allows`,
      error: 'TransactionReplayed',
      fate,
      make: (chain) => {
        const envelope = make(chain, { validUntil: asHeight(height(chain) + 64n) } as never)
        S.addBlock(chain, [envelope])
        S.addEmptyBlocks(chain, 62)
        return envelope
      },
    },
    {
      what: `${name}: signed for another genesis`,
      error: 'SignatureInvalid',
      fate: name === 'transfer' ? 'signature' : 'unreadable',
      make: (chain) => make(chain, { domain: foreign } as never),
    },
  ]
})
