import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BanyanError } from '@banyan/base'
import { needsRenewal, openIdentity } from '@banyan/gateway/server'
import { afterEach, beforeEach, expect, test } from 'vitest'

const day = 24 * 3_600_000
const start = Date.UTC(2026, 0, 1)
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'banyan-identity-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('GW-5: a folder without anything becomes an identity, and stays the same one', async () => {
  const first = await openIdentity(folder, ['gateway.example'], start)
  const again = await openIdentity(folder, ['gateway.example'], start + day)
  expect(again).toEqual(first)
  expect(first.fingerprint).toMatch(/^[0-9a-f]{64}$/)
  for (const file of ['authority.key', 'gateway.key'])
    expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600)
})

test('GW-5: a certificate is renewed when two thirds of its time are over, by the same authority', async () => {
  const first = await openIdentity(folder, [], start)
  const kept = await openIdentity(folder, [], start + 59 * day)
  expect(kept.leaf).toEqual(first.leaf)
  const renewed = await openIdentity(folder, [], start + 61 * day)
  expect(renewed.leaf).not.toEqual(first.leaf)
  expect(renewed.fingerprint).toBe(first.fingerprint)
  expect(readFileSync(join(folder, 'gateway.pem'), 'utf8').trim()).toBe(renewed.leaf.certificate.trim())
})

test('GW-5: a name that is added gets into the certificate', async () => {
  const first = await openIdentity(folder, ['a.example'], start)
  expect(needsRenewal(first.leaf.certificate, ['a.example', '::1', '127.0.0.1'], start)).toBe(false)
  expect(needsRenewal(first.leaf.certificate, ['b.example'], start)).toBe(true)
  const second = await openIdentity(folder, ['a.example', 'b.example'], start)
  expect(needsRenewal(second.leaf.certificate, ['b.example'], start)).toBe(false)
})

test('GW-5: keys that others could read are refused', async () => {
  await openIdentity(folder, [], start)
  chmodSync(join(folder, 'authority.key'), 0o644)
  const error: unknown = await openIdentity(folder, [], start).catch((thrown: unknown) => thrown)
  expect(error instanceof BanyanError && error.kind).toBe('KeyFileExposed')
})
