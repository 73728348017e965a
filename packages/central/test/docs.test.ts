import { readFileSync } from 'node:fs'
import { optionTable } from '@banyan/central/node'
import { expect, test } from 'vitest'

test('DOC-1: docs/central.md has the options of the program', () => {
  const page = readFileSync(new URL('../../../docs/central.md', import.meta.url), 'utf8')
  expect(page).toContain(optionTable())
})
