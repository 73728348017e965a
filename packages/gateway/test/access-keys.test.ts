import { createHash } from 'node:crypto'
import { type Access, accessByKeys, accessFileForm, type Principal } from '@banyan/gateway'
import { topicFilter } from '@banyan/topics'
import { expect, test } from 'vitest'

const key = 'a long random key'
const hash = createHash('sha256').update(key).digest('hex')

function accessOf(rights: { publish?: string[]; subscribe?: string[] }): Access {
  return accessByKeys(accessFileForm.parse({ principals: [{ name: 'ann', key: hash, ...rights }] }))
}

function login(access: Access, secret: string | undefined, name?: string): Principal | undefined {
  let found: Principal | undefined
  access.authenticate(
    { name, secret: secret === undefined ? undefined : Buffer.from(secret) },
    (principal) => {
      found = principal
    },
  )
  return found
}

test('GW-8: a key names its principal; a wrong one, none, and one of another name do not', () => {
  const access = accessOf({})
  expect(login(access, key)?.name).toBe('ann')
  expect(login(access, key, 'ann')?.name).toBe('ann')
  expect(login(access, key, 'bob')).toBeUndefined()
  expect(login(access, hash)).toBeUndefined()
  expect(login(access, '')).toBeUndefined()
  expect(login(access, undefined)).toBeUndefined()
})

test('GW-8: only what a right covers is granted, filters as a whole', () => {
  const access = accessOf({ publish: ['own/ann'], subscribe: ['news/+', 'own/#'] })
  const ann = login(access, key)!
  const can = (action: 'publish' | 'subscribe', name: string) => access.can(ann, action, topicFilter(name))
  expect(can('publish', 'own/ann')).toBe('granted')
  expect(can('publish', 'own/bob')).toBe('denied')
  expect(can('publish', 'news/a')).toBe('denied')
  expect(can('subscribe', 'news/a')).toBe('granted')
  expect(can('subscribe', 'news/+')).toBe('granted')
  expect(can('subscribe', 'news/#')).toBe('denied')
  expect(can('subscribe', '#')).toBe('denied')
  expect(can('subscribe', 'own/+/x/#')).toBe('granted')
})

test('GW-8: nobody has a right that no key gave, whatever they call themselves', () => {
  const access = accessOf({ publish: ['#'], subscribe: ['#'] })
  const forged = { name: 'ann', publish: [topicFilter('#')], subscribe: [topicFilter('#')] }
  expect(access.can(forged, 'publish', topicFilter('a'))).toBe('denied')
})

test('GW-8: a file of keys says what is wrong with it', () => {
  expect(accessFileForm.safeParse({ principals: [{ name: 'ann', key }] }).success).toBe(false)
  expect(accessFileForm.safeParse({ principals: [], others: 1 }).success).toBe(false)
  expect(() => accessOf({ publish: ['a//b'] })).toThrow(expect.objectContaining({ kind: 'TopicInvalid' }))
})
