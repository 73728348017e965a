import {
  commandOfPage,
  fillDays,
  jobCurl,
  joinCommand,
  presetPath,
  presets,
  priceText,
  queryOf,
  quoteText,
  stretchesOf,
} from '@banyan/console'
import fc from 'fast-check'
import { expect, test } from 'vitest'

test('CON-UI-1: a price is told to the last micro-unit, and is never another one', () => {
  expect(priceText(0n, 'USD')).toBe('$0')
  expect(priceText(314n, 'USD')).toBe('$0.000314')
  expect(priceText(1_500_000n, 'EUR')).toBe('€1.50')
  expect(priceText(-260n, 'CHF')).toBe('\u22120.00026 CHF')
  fc.assert(
    fc.property(fc.bigInt(0n, 2n ** 63n), (micro) => {
      const [whole, fraction = ''] = priceText(micro, 'USD').slice(1).replaceAll('\u2009', '').split('.')
      expect(BigInt(whole + fraction.padEnd(6, '0'))).toBe(micro)
    }),
  )
})

const quote = (...amounts: readonly string[]) => ({
  service: 'darkroom',
  currency: 'USD',
  estimate: { cpuMs: 50, bytes: 1_000 },
  quotes: amounts.map((enterpriseAmount, tier) => ({
    ...{ tier, price: '9999', enterpriseAmount, houseAmount: '0' },
  })),
})

test('CON-UI-1: a price is told before the work, from the least to the most, as the customer pays it', () => {
  expect(quoteText(undefined)).toBe('')
  expect(quoteText(quote())).toBe('')
  expect(quoteText(quote('314', '314'))).toBe('about $0.000314')
  expect(quoteText(quote('1000', '402', '9'))).toBe('about $0.000009 to $0.001')
})

test('CON-UI-2: the stretches of a request follow each other from its beginning to its end, whatever is missing', () => {
  const request = fc.record({
    acceptedAt: fc.integer({ min: 1_000, max: 2_000 }),
    startedAt: fc.constantFrom(0, 2_000, 2_500),
    firstByteAt: fc.constantFrom(0, 2_500, 3_000),
    endedAt: fc.integer({ min: 3_000, max: 4_000 }),
  })
  fc.assert(
    fc.property(request, (times) => {
      const stretches = stretchesOf(times)
      expect(stretches[0]!.from).toBe(times.acceptedAt)
      expect(stretches.at(-1)!.to).toBe(times.endedAt)
      for (const [index, { from, to }] of stretches.entries()) {
        expect(to).toBeGreaterThanOrEqual(from)
        if (index > 0) expect(from).toBe(stretches[index - 1]!.to)
      }
    }),
  )
  const failed = { acceptedAt: 1_000, startedAt: 0, firstByteAt: 0, endedAt: 1_500 }
  expect(stretchesOf(failed).map(({ name }) => name)).toEqual(['Queue'])
})

test('CON-UI-2: days without spending have their place, and older ones have none', () => {
  const value = (day: string) => ({ day, value: 5, text: '$0.000005' })
  const days = fillDays([value('2026-10-31'), value('2026-11-01'), value('2026-11-03')], '2026-11-03', 3)
  expect(days.map((each) => [each.day, each.value])).toEqual([
    ['2026-11-01', 5],
    ['2026-11-02', 0],
    ['2026-11-03', 5],
  ])
})

const origin = 'http://localhost:4400'

test('CON-UI-1: the command of a job is one that a shell reads as it is meant', () => {
  const caption = presets.find(({ id }) => id === 'caption')!
  const path = presetPath(caption, "It's warm & dark")
  expect(path).toBe('/darkroom/io?script=snapshot&caption=It%27s+warm+%26+dark')
  expect(jobCurl({ origin, path, input: { file: "my bread's.jpg" }, ending: 'png' })).toBe(
    `curl --data-binary @'my bread'\\''s.jpg' '${origin}/compute${path}' -o picture.png`,
  )
  expect(
    jobCurl({ origin, path: '/darkroom/io', input: { url: '/local/samples/a.jpg' }, ending: 'png' }),
  ).toBe(
    `curl -s ${origin}/local/samples/a.jpg | curl --data-binary @- ${origin}/compute/darkroom/io -o picture.png`,
  )
})

test('CON-UI-1: pages of computing have a command too', () => {
  expect(commandOfPage('/requests/01a20188')).toBe('npx banyan work show 01a20188')
  expect(commandOfPage('/requests')).toBe('npx banyan work list')
  expect(commandOfPage('/billing')).toBe('npx banyan spend')
  expect(commandOfPage('/lend')).toBe('npx banyan miner list')
  expect(commandOfPage('/operations/computing')).toBe('npx banyan miner list')
  expect(commandOfPage('/billing/sponsored')).toBeUndefined()
})

test('CON-UI-1: each preset asks Darkroom for a script that it has', () => {
  for (const preset of presets)
    expect(presetPath(preset, undefined)).toMatch(/^\/darkroom\/io\?script=[a-z]+/)
  expect(new Set(presets.map(({ id }) => id)).size).toBe(presets.length)
})

test('MED-1: values of parameters are passed on as they were written', () => {
  expect(queryOf('source=sample:a.jpg&from=#12474a&text=a=b c', 'recolor')).toBe(
    'script=recolor&source=sample%3Aa.jpg&from=%2312474a&text=a%3Db+c',
  )
  expect(queryOf('')).toBe('')
  expect(queryOf('nothing&=nothing')).toBe('')
})

test('CON-UI-1: a machine joins with the conditions that were chosen, and no others', () => {
  const none = { isPolite: false, isAtNight: false, isOnMains: false }
  const plain = joinCommand('http://127.0.0.1:4402', ['darkroom'], none)
  expect(plain).toContain('npx banyan miner join http://127.0.0.1:4402')
  expect(plain).not.toMatch(/--max-load|--hours|--min-battery/)
  expect(joinCommand(null, [], { ...none, isPolite: true })).toContain('--max-load 50')
  expect(joinCommand(null, [], { ...none, isAtNight: true })).toContain('--hours 22:00-06:30')
  expect(joinCommand(null, [], { ...none, isOnMains: true })).toContain('--min-battery 60')
})
