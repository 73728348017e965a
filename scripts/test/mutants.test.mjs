import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root } from '../process.mjs'

const lists = ['packages', 'apps']
  .flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}/test/mutants.json`))
  .filter((list) => existsSync(join(root, list)))
const read = (path) => readFileSync(join(root, path), 'utf8')
const mutants = lists.flatMap((list) => JSON.parse(read(list)))

describe('QLT-3: mutants can be tried', () => {
  test.each(lists)('%s: each changes one place of a file that exists, and names tests that exist', (list) => {
    for (const { id, file, find, replace, tests } of JSON.parse(read(list))) {
      expect(existsSync(join(root, file)), `${id}: ${file}`).toBe(true)
      expect(read(file).split(find).length - 1, `${id}: places of "${find}"`).toBe(1)
      expect(replace, id).not.toBe(find)
      expect(tests.length, id).toBeGreaterThan(0)
      for (const path of tests) expect(existsSync(join(root, path)), `${id}: ${path}`).toBe(true)
    }
  })

  test('no id stands twice', () => {
    const ids = mutants.map(({ id }) => id)
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([])
  })
})
