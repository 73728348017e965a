import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root } from '../process.mjs'

const read = (path) => readFileSync(join(root, path), 'utf8')

test('the table of floors in docs/architecture.md is the one that lint checks', () => {
  const rows = [...read('docs/architecture.md').matchAll(/^\| (\d+|tests) \| ([\w-]+) \|/gm)]
  const floors = Object.entries(JSON.parse(read('docs/floors.json')))
  expect(rows.map((row) => [row[2], row[1]])).toEqual(
    floors.map(([name, { floor }]) => [name, String(floor)]),
  )
})

describe('DOC-1: links within the repository lead somewhere', () => {
  const pages = ['.', 'docs', 'docs/adr', 'docs/tutorials'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name)),
  )
  test.each(pages)('%s', (page) => {
    for (const [, target] of read(page).matchAll(/\]\((?!https?:)([^)#]+)/g)) {
      expect(existsSync(join(root, dirname(page), target)), target).toBe(true)
    }
  })
})

test('QLT-1: every npm script that a page names exists', () => {
  const { scripts } = JSON.parse(read('package.json'))
  for (const page of ['README.md', 'CONTRIBUTING.md', 'docs/testing.md', 'docs/requirements.md']) {
    for (const [, name] of read(page).matchAll(/npm run (?:--silent )?([\w:]+)/g))
      expect(scripts, page).toHaveProperty(name)
  }
})
