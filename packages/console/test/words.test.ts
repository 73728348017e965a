import { parseAmount } from '@banyan/base'
import {
  activityCsv,
  aliasOf,
  aliasWords,
  amountText,
  codeOf,
  commandOfPage,
  csvCell,
  holdersOf,
  layTide,
  lookAlike,
  plainSentence,
  ratePoints,
  readAddress,
  readAmount,
  readToken,
  sentenceOf,
  shellWord,
  type TideBlock,
  targetsOf,
} from '@banyan/console'
import type { Address, Asset, Block, Hash, Hex, Summary } from '@banyan/sdk'
import fc from 'fast-check'
import { expect, test } from 'vitest'

const mira = `0x${'1a'.repeat(20)}` as Address
const otto = `0x${'2b'.repeat(20)}` as Address
const nobody = `0x${'00'.repeat(20)}` as Address

test('CON-UI-1: an amount is never shown larger than it is, and in full when nothing is left out', () => {
  fc.assert(
    fc.property(fc.bigInt(0n, 2n ** 128n - 1n), fc.integer({ min: 0, max: 18 }), (units, decimals) => {
      const { short, full, cut } = amountText(units, decimals)
      const tidy = (text: string) => parseAmount(text.replaceAll('\u2009', ''), decimals)
      expect(tidy(full)).toBe(units)
      expect(tidy(short)).toBeLessThanOrEqual(units)
      if (!cut) expect(tidy(short)).toBe(units)
      const fraction = short.split('.')[1] ?? ''
      expect(fraction.replace(/^0+/, '').length).toBeLessThanOrEqual(4)
    }),
  )
})

test('CON-UI-1: an amount above zero never looks like zero', () => {
  expect(amountText(123_456n, 18).short).toBe('0.0000000000001234')
  expect(amountText(1_234_567_890n, 4).short).toBe('123\u2009456.789')
})

test('CON-UI-1: what is shown of an amount can be typed', () => {
  fc.assert(
    fc.property(fc.bigInt(1n, 2n ** 128n - 1n), fc.integer({ min: 0, max: 18 }), (amount, decimals) => {
      expect(readAmount(amountText(amount, decimals).full, decimals)).toEqual({ kind: 'amount', amount })
    }),
  )
})

test.each([
  ['', 2, 'empty'],
  ['  ', 2, 'empty'],
  ['1,50', 2, 'amount'],
  ['.5', 2, 'amount'],
  ['1.505', 2, 'wrong'],
  ['1.5', 0, 'wrong'],
  ['0', 2, 'wrong'],
  ['-1', 2, 'wrong'],
  ['1e9', 2, 'wrong'],
  ['.', 2, 'wrong'],
  ['9'.repeat(40), 0, 'wrong'],
])('CON-UI-1: "%s" with %d decimals is read as %s', (text, decimals, kind) => {
  expect(readAmount(text, decimals).kind).toBe(kind)
})

test('CON-UI-1: somebody is found by name, by alias and by address, and nobody by half of one', () => {
  const names = new Map([
    [mira, 'Mira'],
    [otto, 'Otto'],
    [nobody, 'Otto'],
  ])
  expect(readAddress(' mira ', names)).toEqual({ kind: 'address', address: mira })
  expect(readAddress(aliasOf(mira), names)).toEqual({ kind: 'address', address: mira })
  expect(readAddress(otto.toUpperCase().replace('0X', '0x'), names)).toEqual({
    kind: 'address',
    address: otto,
  })
  expect(readAddress('Otto', names).kind).toBe('wrong')
  expect(readAddress('Mir', names).kind).toBe('wrong')
  expect(readAddress(mira.slice(0, 20), names).kind).toBe('wrong')
})

test('CON-UI-1: an address with the ends of a known one is told from it', () => {
  const twin = `${mira.slice(0, 6)}${'77'.repeat(16)}${mira.slice(-4)}`
  expect(lookAlike(twin, [otto, mira])).toBe(mira)
  expect(lookAlike(mira, [otto, mira])).toBeUndefined()
  expect(aliasOf(twin)).not.toBe(aliasOf(mira))
})

test('CON-UI-1: alias words differ from each other within their place', () => {
  for (const words of aliasWords) expect(new Set(words).size).toBe(128)
  expect(aliasOf(`0x${'00'.repeat(20)}`)).toBe(aliasWords.map((words) => words[0]).join(' '))
})

function summary(part: Partial<Summary>): Summary {
  return {
    id: `0x${'00'.repeat(32)}` as Hash,
    type: 122,
    height: 1,
    index: 0,
    timestamp: 0,
    from: mira,
    to: otto,
    method: null,
    status: 'success',
    error: null,
    fee: 0n,
    sponsor: null,
    movements: [],
    movementCount: part.movements?.length ?? 0,
    ...part,
  }
}

const paid = { asset: 0, from: mira, to: otto, amount: 5n }
const names = {
  address: (address: string) => (address === mira ? 'Mira' : 'Otto'),
  money: (asset: number, amount: bigint) => `${amount} of ${asset}`,
}

test.each([
  ['a payment', { movements: [paid] }, 'Mira paid 5 of 0 to Otto'],
  ['an issue', { movements: [{ ...paid, asset: 7, from: nobody }] }, 'Mira issued 5 of 7 to Otto'],
  ['an end', { movements: [{ ...paid, to: nobody }] }, 'Mira destroyed 5 of 0'],
  ['a movement for another', { from: otto, movements: [paid] }, 'Otto moved 5 of 0 from Mira to Otto'],
  ['two payments', { movements: [paid, paid] }, 'Mira paid 10 of 0 in 2 payments at once'],
  ['payments of many', { movements: [paid], movementCount: 900 }, 'Mira made 900 payments at once'],
  ['a failure', { status: 'failed' as const }, 'Mira tried to pay or call Otto and failed'],
  ['a pause', { method: '0x8456cb59' as const }, 'Mira paused transfers of a token'],
  [
    'a new token',
    { method: '0x44639457' as const, movements: [paid] },
    'Mira created a token and issued 5 of 0',
  ],
  ['an unknown call', { method: '0x12345678' as const }, 'Mira called Otto'],
])('CON-UI-1: %s is told as a sentence', (_, part, sentence) => {
  expect(plainSentence(sentenceOf(summary(part)), names)).toBe(sentence)
})

test('CON-UI-1: search tells heights, addresses and hashes apart', () => {
  expect(targetsOf(' #4\u2009012 ')).toEqual([{ kind: 'block', block: '4012' }])
  expect(targetsOf(mira).map(({ kind }) => kind)).toEqual(['address'])
  expect(targetsOf('AB'.repeat(32)).map(({ kind }) => kind)).toEqual(['transaction', 'block'])
  expect(targetsOf('Mira')).toEqual([])
})

const block = (height: number, time: number, transactions = 0): TideBlock => ({
  height,
  time,
  transactions,
  missed: 0,
})

test('CON-UI-2: bars of the tideline lie within the strip, newest at the end, late ones marked', () => {
  const blocks = [block(5, 9_000, 40), block(4, 5_000), block(3, 4_000, 1), block(2, 3_000), block(1, 2_000)]
  const bars = layTide(blocks, 300)
  expect(bars.map((bar) => bar.block.height)).toEqual([5, 4, 3, 2, 1])
  expect(bars.map(({ late }) => late)).toEqual([true, false, false, false, false])
  for (const [index, { right, height }] of bars.entries()) {
    expect(height).toBeLessThanOrEqual(22)
    expect(right).toBeGreaterThan(bars[index - 1]?.right ?? 0)
  }
  expect(bars[0]!.height).toBeGreaterThan(bars[2]!.height)
  expect(layTide(blocks, 20).length).toBeLessThan(5)
})

test('CON-UI-2: the rate is the mean over the ten seconds before', () => {
  const of = (timestamp: number, included: number) => ({ timestamp, included }) as Block
  const blocks = [of(20_000, 30), of(12_000, 10), of(5_000, 7), of(0, 9)]
  expect(ratePoints(blocks).at(-1)).toEqual({ x: 20_000, y: 4 })
})

test('CON-UI-1: a draft of a token names what is wrong with it, and becomes a token when nothing is', () => {
  const draft = {
    name: ' Points ',
    symbol: 'PTS',
    supply: '10.5',
    decimals: 2,
    canGrow: false,
    canPause: true,
  }
  expect(readToken(draft).token).toEqual({
    name: 'Points',
    symbol: 'PTS',
    decimals: 2,
    initialSupply: 1_050n,
    pausable: true,
  })
  expect(readToken({ ...draft, name: 'é'.repeat(16) }).problems).toHaveProperty('name')
  expect(readToken({ ...draft, decimals: 19 }).problems).toHaveProperty('decimals')
  expect(readToken({ ...draft, supply: '1.234' }).token).toBeUndefined()
})

const context = {
  url: 'http://localhost:4400',
  account: 'Mira',
  symbol: 'LOAF',
  decimals: 2,
  isSponsored: false,
}

test('CON-UI-1: an act is shown as the command and the program that do the same', () => {
  const fig = { ...context, symbol: 'FIG', decimals: 18, isSponsored: true }
  const payment = codeOf({ kind: 'pay', to: otto, amount: 25n * 10n ** 17n, asset: 0 }, fig)
  expect(payment.command).toBe(`npx banyan transfer 2.5 ${otto} --account Mira`)
  expect(payment.program).toBe(
    [
      "import { createClient, parseAmount, send } from '@banyan/sdk'",
      '',
      "const client = createClient({ url: 'http://localhost:4400', account, sponsor: { url: 'http://localhost:4400/sponsor' } })",
      'await send(client, {',
      `  to: '${otto}',`,
      "  amount: parseAmount('2.5'),",
      '}).final',
    ].join('\n'),
  )
  const issue = codeOf({ kind: 'issue', asset: 3, to: otto, amount: 250n }, context)
  expect(issue.command).toBe(`npx banyan token mint LOAF 2.5 ${otto} --account Mira`)
  expect(issue.program).toContain("amount: parseAmount('2.5', 2),")
  const token = { name: "Mira's bread", symbol: '$(x)', decimals: 0, initialSupply: 7n }
  const created = codeOf({ kind: 'create', token }, context)
  expect(created.command).toBe(
    "npx banyan token create '$(x)' 'Mira'\\''s bread' --supply 7 --decimals 0 --account Mira",
  )
  expect(codeOf({ kind: 'create', token: { ...token, pausable: true } }, context).command).toBeUndefined()
  expect(codeOf({ kind: 'pause', asset: 3 }, context).program).toContain(
    'await pauseToken(client, {\n  asset: 3,',
  )
})

test('CON-UI-1: no text becomes more than one word of a command', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("'", '"', '\\', '$', '`', ' ', '\n', 'a', '-') }),
      (text) => {
        const word = shellWord(text)
        const isPlain = /^[\w@%+=:,./-]+$/.test(word)
        const inside = word.slice(1, -1).replaceAll("'\\''", '')
        expect(isPlain || (word.startsWith("'") && word.endsWith("'") && !inside.includes("'"))).toBe(true)
      },
    ),
  )
})

test('CON-UI-1: a page has the command that shows the same', () => {
  expect(commandOfPage('/explorer/block/17')).toBe('npx banyan block 17')
  expect(commandOfPage(`/explorer/address/${otto}`)).toBe(`npx banyan account show ${otto}`)
  expect(commandOfPage('/')).toBe('npx banyan status')
  expect(commandOfPage('/docs/rpc')).toBeUndefined()
})

test('CON-UI-1: activity becomes lines for a spreadsheet, and no name of a token a formula', () => {
  const asset = (symbol: string, decimals: number) => ({ symbol, decimals }) as Asset
  const assets = new Map([
    [0, asset('FIG', 18)],
    [1, asset('=HYPERLINK("http://x")', 2)],
  ])
  const base = {
    id: `0x${'ab'.repeat(32)}` as Hash,
    height: 7,
    timestamp: 0,
    status: 'success',
    sponsor: null,
    fee: 5n,
  }
  const moved = (movements: readonly object[]) =>
    ({ ...base, from: mira, to: otto, movements }) as unknown as Summary
  const text = activityCsv(
    [
      moved([
        { asset: 0, from: mira, to: otto, amount: 15n * 10n ** 17n },
        { asset: 1, from: otto, to: mira, amount: 250n },
      ]),
      moved([]),
    ],
    mira,
    assets,
  )
  const start = `1970-01-01T00:00:00.000Z,7,${base.id},success`
  expect(text.split('\r\n')).toEqual([
    'time,block,transaction,status,from,to,amount,token,"fee paid, FIG"',
    `${start},${mira},${otto},-1.5,FIG,0.000000000000000005`,
    `${start},${otto},${mira},2.5,"'=HYPERLINK(""http://x"")",`,
    `${start},${mira},${otto},,,0.000000000000000005`,
    '',
  ])
  fc.assert(
    fc.property(fc.string(), (cell) => {
      const shown = csvCell(cell).replace(/^"/, '')
      expect(/^[=+@\t\r]/.test(shown)).toBe(false)
    }),
  )
})

test('CON-UI-1: holders are who transfers left something to, the most first', () => {
  const topic = (address: string) => `0x${address.slice(2).padStart(64, '0')}` as Hex
  const log = (from: string, to: string, amount: bigint) => ({
    topics: [topic(nobody), topic(from), topic(to)] as Hash[],
    data: `0x${amount.toString(16)}` as Hex,
  })
  const logs = [log(nobody, mira, 100n), log(mira, otto, 70n), log(otto, nobody, 20n), log(mira, mira, 5n)]
  expect(holdersOf(logs)).toEqual([
    { address: otto, balance: 50n },
    { address: mira, balance: 30n },
  ])
  expect(holdersOf([...logs, log(mira, otto, 30n)])).toEqual([{ address: otto, balance: 80n }])
})
