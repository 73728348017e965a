import { readFileSync } from 'node:fs'
import { describeOperations } from '@banyan/darkroom'
import { expect, test } from 'vitest'
import { page, renewPage } from '../docs-darkroom.mjs'

test('MED-3: the table of operations in docs/darkroom.md is the one that the service has', () => {
  const text = readFileSync(page, 'utf8')
  expect(renewPage(text, describeOperations())).toBe(text)
})
