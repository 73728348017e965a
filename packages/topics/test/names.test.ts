import { BanyanError } from '@banyan/base'
import { testSeed, tierCount } from '@banyan/testing'
import {
  isReserved,
  levelsOf,
  mqttFilter,
  mqttName,
  mqttNameOf,
  topicFilter,
  topicName,
} from '@banyan/topics'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyTopic, fewTopics } from './arbitraries.js'

const numRuns = tierCount({ push: 300, full: 100_000, fuzz: 20_000 })

function kindOf(call: () => unknown): string | undefined {
  try {
    call()
    return undefined
  } catch (error) {
    return error instanceof BanyanError ? error.kind : `an unexpected ${String(error)}`
  }
}

describe('topics of MQTT as names', () => {
  test('GW-4: every topic of MQTT within the limits has a name that stands for it alone', () => {
    const property = fc.property(fc.oneof(anyTopic, fewTopics), (topic) => {
      const name = mqttName(topic)
      expect(mqttNameOf(name)).toBe(topic)
      expect(topicName(name)).toBe(name)
      expect(levelsOf(name).length).toBe(topic.split('/').length)
      expect(isReserved(name)).toBe(topic.startsWith('$'))
      expect(topicFilter(name)).toBe(name)
    })
    fc.assert(property, { numRuns, seed: testSeed('topics of MQTT') })
  })

  test.each([
    ['a/b', 'a/b'],
    ['eip155:1/0xAb_-~@', 'eip155:1/0xAb_-~@'],
    ['/', '%/%'],
    ['a//b', 'a/%/b'],
    ['a.b', 'a%2Eb'],
    ['a b', 'a%20b'],
    ['*/>', '%2A/%3E'],
    ['%', '%25'],
    ['%41', '%2541'],
    ['é', '%C3%A9'],
    ['🌳', '%F0%9F%8C%B3'],
    ['$', '$'],
    ['$SYS/$x', '$SYS/%24x'],
    ['$$', '$%24'],
    ['\u0001', '%01'],
  ])('GW-4: %j is %j', (topic, name) => {
    expect(mqttName(topic)).toBe(name)
  })

  test.each([
    ['nothing', ''],
    ['a filter', 'a/+'],
    ['a filter for all', '#'],
    ['a part of a level that is a wildcard', 'a+'],
    ['U+0000', 'a\0'],
    ['half a character', '\ud800'],
    ['17 levels', 'a/'.repeat(16)],
    ['a level of 65 bytes', `a/${'b'.repeat(65)}`],
    ['a level of 66 bytes in 33 characters', 'é'.repeat(33)],
  ])('GW-4, GW-8: %s is no topic', (_, topic) => {
    expect(kindOf(() => mqttName(topic))).toBe('TopicInvalid')
  })

  test('GW-4: levels of 64 bytes and names of 16 levels are allowed', () => {
    const topic = Array(16).fill('é'.repeat(32)).join('/')
    expect(mqttNameOf(mqttName(topic))).toBe(topic)
  })
})

describe('names', () => {
  test.each([
    ['nothing', ''],
    ['nothing, encoded', '%'],
    ['an empty level', 'a//b'],
    ['a character that is encoded', 'a.b'],
    ['a wildcard', 'a/+'],
    ['half an encoded byte', '%4'],
    ['small letters in an encoded byte', '%c3%a9'],
    ['what is written plainly', '%41'],
    ['an encoded $ at the front', '%24a'],
    ['a $ behind the front', 'a/$b'],
    ['bytes that are no UTF-8', '%FF'],
    ['half a character', '%C3'],
    ['an overlong character', '%C1%81'],
    ['a surrogate', '%ED%A0%80'],
    ['U+0000', 'a%00'],
    ['a slash', 'a%2Fb'],
    ['an encoded wildcard', '%2B'],
    ['an encoded wildcard for all', 'a/%23'],
    ['17 levels', `a${'/a'.repeat(16)}`],
    ['a level of 65 bytes', 'a'.repeat(65)],
    ['65 encoded bytes', '%20'.repeat(65)],
  ])('GW-3, GW-8: a name with %s is refused', (_, name) => {
    expect(kindOf(() => topicName(name))).toBe('TopicInvalid')
  })

  test('GW-3: whatever the text, it is a name that MQTT can say, or refused', () => {
    const texts = fc.string({ unit: fc.constantFrom(...'a$%/+#2340FEC9. é'), maxLength: 12 })
    const property = fc.property(texts, (text) => {
      const kind = kindOf(() => topicName(text))
      if (kind === undefined) expect(mqttName(mqttNameOf(topicName(text)))).toBe(text)
      else expect(kind).toBe('TopicInvalid')
    })
    fc.assert(property, { numRuns, seed: testSeed('names') })
  })
})

describe('filters', () => {
  test('GW-3: * and > may be written for + and #', () => {
    expect(topicFilter('a/*/>')).toBe('a/+/#')
  })

  test.each([
    ['a # that is not last', 'a/#/b'],
    ['a > that is not last', '>/b'],
    ['a wildcard within a level', 'a+/b'],
    ['an empty level', 'a//#'],
    ['nothing', ''],
    ['17 levels', `${'+/'.repeat(16)}#`],
  ])('GW-3: %s is refused', (_, filter) => {
    expect(kindOf(() => topicFilter(filter))).toBe('TopicInvalid')
  })

  test.each([
    ['$share/g/a/+', { filter: 'a/+', group: 'g' }],
    ['$share/a b//x', { filter: '%/x', group: 'a b' }],
    ['$share/g/$share/h/x', { filter: '$share/h/x', group: 'g' }],
    ['$shared/g/a', { filter: '$shared/g/a', group: undefined }],
    ['*/>/+', { filter: '%2A/%3E/+', group: undefined }],
  ])('GW-4: the filter %s of MQTT', (text, expected) => {
    expect(mqttFilter(text)).toEqual(expected)
  })

  test.each([
    '',
    '+a',
    'a#',
    '#/a',
    '$share/',
    '$share/g',
    '$share/g/',
    '$share//a',
    '$share/+/a',
    '$share/#/a',
  ])('GW-4: "%s" is no filter of MQTT', (text) => {
    expect(kindOf(() => mqttFilter(text))).toBe('TopicInvalid')
  })
})
