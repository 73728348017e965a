import type { CryptoProvider } from '@banyan/crypto'
import { portable } from '@banyan/crypto'
import { native } from '@banyan/crypto/native'
import { openChromium } from './light/chromium.js'
import { patriciaSizes } from './light/patricia.js'
import { absent, type Size, type Sizes, sampleOf, spreadAddresses, transactions } from './light/samples.js'
import { signaturesOf, type Work, workOf } from './light/work.js'
import type { Bench, BenchContext, Row } from './runner/benchmark.js'

const committees: readonly Size[] = [
  { members: 4, scheme: 'ed25519' },
  { members: 21, scheme: 'ed25519' },
  { members: 100, scheme: 'BLS' },
]
const receiptBytes = 128
/** Address, two keys and weight. */
const validatorBytes = 108

const works = [
  { name: 'row', what: 'proof of an account' },
  { name: 'receipt', what: 'proof of a receipt' },
  { name: 'step', what: 'step to the next epoch' },
] as const satisfies readonly { readonly name: keyof Work; readonly what: string }[]

const bytes = (what: string, ours: number, name: string, value: number): Row => ({
  what,
  unit: 'bytes',
  ours,
  against: { name, value },
  better: 'less',
})

function sizeRows(sizes: Sizes, { members, scheme }: Size): readonly Row[] {
  const by = `${members} ${scheme} validators`
  return [
    bytes(`an account with finality, ${by}`, sizes.row, 'without finality', sizes.rowContent),
    bytes(`an absence with finality, ${by}`, sizes.absence, 'without finality', sizes.absenceContent),
    bytes(
      `a receipt with finality, ${by}`,
      sizes.receipt,
      `all ${transactions} receipts of its block`,
      transactions * receiptBytes,
    ),
    bytes(`step to the next epoch, ${by}`, sizes.step, 'keys of the validators', members * validatorBytes),
  ]
}

function times(count: number, once: () => void): () => void {
  return () => {
    for (let i = 0; i < count; i++) once()
  }
}

async function run(context: BenchContext): Promise<readonly Row[]> {
  const accounts = context.quick ? 5_000 : 50_000
  const chromium = await openChromium(context)
  const rows: Row[] = []
  try {
    const { presence, absence } = await patriciaSizes(spreadAddresses(accounts), absent)
    for (const [i, size] of committees.entries()) {
      const { sample, sizes } = sampleOf(size, accounts)
      const peer = `Patricia proof, ${accounts} accounts`
      if (i === 0) rows.push(bytes('an account without finality', sizes.rowContent, peer, presence))
      if (i === 0) rows.push(bytes('an absence without finality', sizes.absenceContent, peer, absence))
      rows.push(...sizeRows(sizes, size))
      const scale = (context.quick ? 1 : 4) * (size.scheme === 'BLS' ? 1 : 4)
      const rate = async (provider: CryptoProvider, name: keyof Work, what: string, count: number) => {
        const work = await context.median(count, times(count, workOf(provider, sample)[name]))
        const limit = await context.median(count, times(count, signaturesOf(provider, sample)))
        rows.push({
          what: `${what}, ${size.members} ${size.scheme}, ${provider.name}`,
          unit: 'op/s',
          ours: work.perSecond,
          against: { name: 'its signatures alone', value: limit.perSecond },
          cpuMicros: work.cpuMicros,
        })
        return work.perSecond
      }
      for (const { name, what } of works) {
        await rate(native, name, what, 25 * scale)
        const inNode = await rate(portable, name, what, 2 * scale)
        if (chromium === undefined) continue
        rows.push({
          what: `${what}, ${size.members} ${size.scheme}, in Chromium`,
          unit: 'op/s',
          ours: await chromium.rate(sample, name, 2 * scale),
          against: { name: 'portable in Node', value: inNode },
        })
      }
    }
  } finally {
    await chromium?.close()
  }
  return rows
}

export const bench: Bench = {
  name: 'light',
  title: 'Proofs for light clients: their sizes, and the time to check them in Node and in Chromium',
  run,
}
