import { readFileSync } from 'node:fs'
import * as crypto from '@banyan/crypto'
import * as light from '@banyan/light'
import { afterEach, expect, test, vi } from 'vitest'
import { honest } from './nodes.js'
import { createWorld, payer } from './world.js'

const page = readFileSync(new URL('../../../docs/light-client.md', import.meta.url), 'utf8')
const modules: Readonly<Record<string, unknown>> = { '@banyan/crypto': crypto, '@banyan/light': light }

type Run = (given: Readonly<Record<string, unknown>>, loaded: typeof modules) => Promise<void>

/** The example of the page, as a function of the names that it uses without declaring them. */
function exampleOf(names: readonly string[]): Run {
  const [, code] = /```ts\n([\s\S]*?)```/.exec(page)!
  const body = code!.replaceAll(/import (\{.*?\}) from ('.*?')/g, 'const $1 = modules[$2]')
  // biome-ignore lint/security/noGlobalEval: it runs the example of our own documentation
  return eval(`async ({ ${names.join(', ')} }, modules) => {\n${body}\n}`) as Run
}

afterEach(() => {
  vi.unstubAllGlobals()
})

test('LED-19: the example in docs/light-client.md works, from the genesis and from its own checkpoint', async () => {
  const world = createWorld(undefined, { timestamp: BigInt(Date.now()) })
  world.endEpochs(3)
  const answer = honest(world)
  vi.stubGlobal('fetch', async (url: string) => answer(new URL(url).pathname))
  const reports: string[] = []
  let saved: Uint8Array | undefined
  const run = exampleOf(['trusted', 'saved', 'store', 'report', 'address'])
  for (let i = 0; i < 2; i++) {
    await run(
      {
        trusted: {
          urls: ['http://node'],
          chain: world.light,
          validators: world.committee(0).validators,
        },
        saved,
        store: (bytes: Uint8Array) => {
          saved = bytes
        },
        report: (text: string) => reports.push(text),
        address: payer,
      },
      modules,
    )
    world.endEpochs(5)
  }
  const heights = [12, 20]
  expect(reports).toEqual(heights.map((height) => `${10n ** 20n} pip after block ${height}`))
})

test('LED-19: the page names every registry error with which a proof is refused', () => {
  for (const name of [
    'ProofMalformed',
    'ProofWrong',
    'ChainMismatch',
    'CommitteeMismatch',
    'WeightTooLow',
    'CertificateInvalid',
    'ProofStale',
    'EpochUnknown',
  ]) {
    expect(page).toContain(`\`${name}\``)
  }
})
