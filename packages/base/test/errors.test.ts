import { readdirSync, readFileSync } from 'node:fs'
import {
  assert,
  BanyanError,
  banyanError,
  type ErrorDefinition,
  type ErrorName,
  errorCode,
  errorName,
  errorRegistry,
  fail,
  registryError,
} from '@banyan/base'
import { describe, expect, test } from 'vitest'

const entries = Object.entries(errorRegistry) as [ErrorName, ErrorDefinition][]
const sources = new URL('../src/errors/', import.meta.url)

describe('the error registry', () => {
  test('gives every error a code of its own that fits in the 16 bits of a receipt', () => {
    const codes = entries.map(([, { code }]) => code)
    expect(new Set(codes).size).toBe(codes.length)
    for (const code of codes)
      expect(code > 0 && code < 2 ** 16 && Number.isInteger(code), `${code}`).toBe(true)
  })

  test('gives every error a name of its own, so that none hides another', () => {
    const names = readdirSync(sources).flatMap((file) =>
      [...readFileSync(new URL(file, sources), 'utf8').matchAll(/^ {2}([A-Z]\w+): \{$/gm)].map(
        ([, name]) => name,
      ),
    )
    expect(names.toSorted()).toEqual(entries.map(([name]) => name).toSorted())
  })

  test('says for every error what happened, why, and what helps', () => {
    for (const [name, { message, cause, fix }] of entries) {
      for (const text of [message, cause, fix]) expect(text.trim().length, name).toBeGreaterThan(10)
      expect(fix, name).not.toBe(cause)
      expect(message, name).not.toMatch(/something went wrong|unknown error/i)
    }
  })

  test('keeps each code in the range of its file, and no two ranges overlap', () => {
    const owners = new Map<number, string>()
    let found = 0
    for (const file of readdirSync(sources)) {
      const text = readFileSync(new URL(file, sources), 'utf8')
      const codes = [...text.matchAll(/^ {4}code: (\d+),$/gm)].map((match) => Number(match[1]))
      if (codes.length === 0) continue
      const range = /\/\*\* (\d+)-(\d+): /.exec(text)
      expect(range, `${file} states its range`).not.toBeNull()
      for (let code = Number(range![1]); code <= Number(range![2]); code++) {
        expect(owners.get(code), `${code} belongs to ${file} alone`).toBeUndefined()
        owners.set(code, file)
      }
      for (const code of codes) expect(owners.get(code), `${code} in ${file}`).toBe(file)
      found += codes.length
    }
    expect(found).toBe(entries.length)
  })

  test('finds names by code and codes by name', () => {
    for (const [name, { code }] of entries) {
      expect(errorName(code)).toBe(name)
      expect(errorCode(name)).toBe(code)
    }
    expect(errorName(0)).toBeUndefined()
  })

  test('fills every placeholder of every message and of what helps', () => {
    for (const [name, { message }] of entries) {
      const keys = [...message.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!)
      const error = registryError(name, Object.fromEntries(keys.map((key) => [key, `value of ${key}`])))
      expect(error.message, name).not.toMatch(/[{}]|undefined/)
      expect(error.fix, name).not.toMatch(/\{\w+\}/)
      for (const key of keys) expect(error.message, name).toContain(`value of ${key}`)
    }
  })
})

describe('a raised error', () => {
  test('carries code, fix, retryability, docs link, details and cause', () => {
    const cause = new Error('EACCES')
    const error = banyanError('DiskFailed', { operation: 'write', path: '/data/log' }, cause)
    expect(error).toBeInstanceOf(Error)
    expect(error).toMatchObject({
      name: 'BanyanError',
      kind: 'DiskFailed',
      code: 'BYN-1501',
      number: 1501,
      message: 'The disk operation write on /data/log failed.',
      fix: errorRegistry.DiskFailed.fix,
      retryable: true,
      docs: 'docs/errors.md#byn-1501',
      details: { operation: 'write', path: '/data/log' },
      cause,
    })
    expect('cause' in banyanError('SignatureInvalid')).toBe(false)
  })

  test('shows values as given, even where they look like placeholders or patterns', () => {
    const text = '{decimals} $& $1'
    expect(banyanError('AmountMalformed', { text, decimals: 2 }).message).toContain(`"${text}"`)
  })

  test('is thrown by fail, and by assert when the invariant is broken', () => {
    expect(() => fail('SignatureInvalid')).toThrow(BanyanError)
    expect(() => assert(true, 'sums agree')).not.toThrow()
    expect(() => assert(false, 'sums agree')).toThrow('An internal check failed: sums agree.')
  })
})
