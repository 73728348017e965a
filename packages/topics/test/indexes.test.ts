import { testSeed, tierCount } from '@banyan/testing'
import { FilterIndex, matches, mqttFilter, mqttName, NameIndex } from '@banyan/topics'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fewFilters, fewTopics } from './arbitraries.js'

const numRuns = tierCount({ push: 150, full: 50_000, fuzz: 10_000 })

const names = fc.array(fewTopics.map(mqttName), { minLength: 1, maxLength: 12 })
const filters = fc.array(
  fewFilters.map((filter) => mqttFilter(filter).filter),
  { minLength: 1, maxLength: 12 },
)

describe('what matches', () => {
  test.each([
    ['a/b', 'a/b', true],
    ['a/b', 'a/c', false],
    ['a', 'a/b', false],
    ['a/b', 'a', false],
    ['+', 'a', true],
    ['+', '%', true],
    ['+', 'a/b', false],
    ['a/+', 'a', false],
    ['+/+', '%/a', true],
    ['%/+', '%/a', true],
    ['#', 'a', true],
    ['#', 'a/b/c', true],
    ['a/#', 'a', true],
    ['a/#', 'a/b/c', true],
    ['a/#', 'ab', false],
    ['a/+/#', 'a', false],
    ['a/+/c', 'a/b/c', true],
    ['+/b/#', 'a/b', true],
    ['#', '$SYS/a', false],
    ['+/a', '$SYS/a', false],
    ['$SYS/#', '$SYS/a', true],
    ['$SYS/+', '$SYS/a', true],
    ['a', 'A', false],
  ])('GW-3, GW-4: %s and %s: %s', (filter, name, expected) => {
    expect(matches(filter, name)).toBe(expected)
  })
})

describe('indexes', () => {
  test('GW-3: filters are found by name as they match', () => {
    const property = fc.property(names, filters, (someNames, someFilters) => {
      const index = new FilterIndex<number>()
      for (const [i, filter] of someFilters.entries()) index.add(filter, i)
      for (const name of someNames) {
        const expected = someFilters.flatMap((filter, i) => (matches(filter, name) ? [i] : []))
        expect(index.match(name).sort((a, b) => a - b)).toEqual(expected)
      }
    })
    fc.assert(property, { numRuns, seed: testSeed('filters by name') })
  })

  test('GW-3: names are found by filter as they match', () => {
    const property = fc.property(names, filters, (someNames, someFilters) => {
      const index = new NameIndex<{ readonly name: string }>()
      for (const name of someNames) index.set(name, { name })
      const distinct = [...new Set(someNames)]
      expect(index.size).toBe(distinct.length)
      for (const filter of someFilters) {
        const expected = distinct.filter((name) => matches(filter, name)).sort()
        expect(
          index
            .select(filter)
            .map(({ name }) => name)
            .sort(),
        ).toEqual(expected)
      }
    })
    fc.assert(property, { numRuns, seed: testSeed('names by filter') })
  })

  test('GW-8: what is removed from an index of filters leaves nothing behind', () => {
    const property = fc.property(filters, filters, fc.nat(), (kept, removed, turn) => {
      const [index, expected] = [new FilterIndex<string>(), new FilterIndex<string>()]
      for (const filter of kept) expected.add(filter, 'kept')
      const steps = [
        ...kept.map((filter) => [filter, 'kept'] as const),
        ...removed.map((filter) => [filter, 'removed'] as const),
      ]
      const rotated = [...steps.slice(turn % steps.length), ...steps.slice(0, turn % steps.length)]
      for (const [filter, entry] of rotated) index.add(filter, entry)
      for (const filter of [...removed, ...removed]) index.remove(filter, 'removed')
      index.remove('not/there', 'removed')
      expect(index).toEqual(expected)
      for (const filter of kept) index.remove(filter, 'kept')
      expect(index).toEqual(new FilterIndex())
    })
    fc.assert(property, { numRuns, seed: testSeed('removed filters') })
  })

  test('GW-8: what is deleted from an index of names leaves nothing behind', () => {
    const property = fc.property(names, names, (kept, deleted) => {
      const [index, expected] = [new NameIndex<object>(), new NameIndex<object>()]
      const [one, another] = [{ is: 'one' }, { is: 'another' }]
      for (const name of kept) expected.set(name, another)
      for (const name of [...deleted, ...kept]) index.set(name, one)
      for (const name of [...deleted, ...deleted]) index.delete(name)
      index.delete('not/there')
      for (const name of [...kept, ...kept]) index.set(name, another)
      expect(index).toEqual(expected)
      for (const name of kept) {
        expect(index.get(name)).toBe(another)
        expect(index.get(`${name}/not/there`)).toBe(
          kept.includes(`${name}/not/there` as never) ? another : undefined,
        )
      }
      for (const name of kept) index.delete(name)
      expect(index).toEqual(new NameIndex())
    })
    fc.assert(property, { numRuns, seed: testSeed('deleted names') })
  })
})
