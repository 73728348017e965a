import { readFileSync } from 'node:fs'
import { errorRegistry } from '@banyan/base'
import { expect, test } from 'vitest'
import { errorPage, errorRanges } from '../error-docs.mjs'

const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')

test('DOC-1: the page of errors is the one that the registry gives (else run `npm run docs:errors`)', () => {
  expect(page).toBe(errorPage(errorRegistry, errorRanges()))
})

test('DOC-1: every error has the anchor that its messages link to', () => {
  const anchors = [...page.matchAll(/^### BYN-(\d+)$/gm)].map((match) => Number(match[1]))
  const codes = Object.values(errorRegistry).map(({ code }) => code)
  expect(anchors).toEqual(codes.sort((a, b) => a - b))
})
