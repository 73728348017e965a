import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

const program = join(import.meta.dirname, '../dist/main.js')
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'banyan-first-chain-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const run = (): string => execFileSync(process.execPath, [program], { cwd: folder, encoding: 'utf8' })

test('LED-9: the first chain tells its story, recovers from its folder, and goes on in the next run', () => {
  const first = run()
  expect(first.match(/receipt +success/g)).toHaveLength(5)
  expect(first).not.toMatch(/failed|skipped|NOT/)
  expect(first).toContain('The same block and the same root as before.')
  expect(first).toContain('bytes show that Otto has 26.5 FIG')
  expect(first).toMatch(/Jun +14 FIG +25 LOAF/)
  const second = run()
  expect(second).toContain('goes on at block 5')
  expect(second.match(/receipt +success/g)).toHaveLength(4)
  expect(second).toMatch(/Jun +18 FIG +50 LOAF/)
  expect(run()).toContain('goes on at block 9:\n  0 blocks replayed from the snapshot at block 9.')
})
