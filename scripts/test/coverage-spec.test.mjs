import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { matchTitles, readRequirements } from '../coverage-spec.mjs'

const requirements = readRequirements(
  '| id | what | state |\n|---|---|---|\n| LED-1 | A chain. | built |\n| CON-UI-1 | A console. | planned |\n',
)

describe('QLT-2: from requirement to test', () => {
  test('requirements are the rows of the tables', () => {
    expect(requirements).toEqual([
      { id: 'LED-1', state: 'built' },
      { id: 'CON-UI-1', state: 'planned' },
    ])
  })

  test('every title that names a requirement counts for it', () => {
    const titles = ['LED-1: starts', 'suite > LED-1, CON-UI-1: shows', 'no id here']
    const { ids, unknown } = matchTitles(requirements, titles)
    expect(Object.fromEntries(ids)).toEqual({ 'LED-1': titles.slice(0, 2), 'CON-UI-1': [titles[1]] })
    expect(unknown).toEqual([])
  })

  test('an id that no requirement has is reported, other words of that form are not', () => {
    const titles = [
      'LED-1: and LED-99 later',
      'suite > LED-1/LDE-1: a typing error',
      'text is UTF-8, BYN-1204 by EIP-2718',
    ]
    expect(matchTitles(requirements, titles).unknown.map(({ id }) => id)).toEqual(['LED-99', 'LDE-1'])
  })

  test('docs/requirements.md lists each id once', () => {
    const page = readFileSync(new URL('../../docs/requirements.md', import.meta.url), 'utf8')
    const rows = readRequirements(page)
    expect(rows.length).toBe(page.match(/^\| [A-Z]{2,4}(-UI)?-\d+ \|/gm).length)
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
    expect(rows.length).toBeGreaterThan(150)
  })
})
