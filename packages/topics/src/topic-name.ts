import { fail } from '@banyan/base'
import { decodeLevel, encodeLevel } from './level.js'

declare const brand: unique symbol

/**
 * Levels joined by `/`. A level has letters, digits and `-_~:@`; other bytes of its UTF-8 form stand as `%XX`, and `%` alone
 * is the empty level that MQTT knows. A first level that begins with `$` is reserved for the gateway.
 */
export type TopicName = string & { readonly [brand]: 'TopicName' }

export const maxLevels = 16
/** Bytes of a level before encoding. */
export const maxLevelLength = 64

const level = /^(?:\$|\$?(?:[A-Za-z0-9\-_~:@]|%[0-9A-F]{2})+)$/
/** What no topic of MQTT can have, encoded or not. */
const impossible = /[\0+#/]/

/** Error: TopicInvalid. */
export function topicName(text: string): TopicName {
  const levels = text.split('/')
  requireLevelCount(levels.length, text)
  if (text === '%') invalid(text, 'it is empty')
  levels.forEach((each, i) => {
    requireLevel(each, i, text)
  })
  return text as TopicName
}

export function levelsOf(name: string): readonly string[] {
  return name.split('/')
}

/** Whether a name or filter belongs to the gateway itself. */
export function isReserved(name: string): boolean {
  return name.startsWith('$')
}

/** Error: TopicInvalid. */
export function requireLevelCount(count: number, text: string): void {
  if (count > maxLevels) invalid(text, `it has ${count} levels, and ${maxLevels} are allowed`)
}

/** Checks the i-th level of a name. Error: TopicInvalid. */
export function requireLevel(each: string, i: number, text: string): void {
  if (each === '%') return
  if (each === '') invalid(text, 'a level is empty')
  if (!level.test(each)) invalid(text, `the level "${each}" has a character that is not allowed`)
  if (each.startsWith('$') && i > 0) invalid(text, 'only the first level may begin with $')
  if (each.includes('%')) requireOneForm(each, i, text)
  if (each.replaceAll(/%../g, '.').length > maxLevelLength)
    invalid(text, `a level is longer than ${maxLevelLength} bytes`)
}

/** A name is compared as text, so that nothing may be written in two ways. */
function requireOneForm(each: string, i: number, text: string): void {
  const decoded = decodeLevel(each)
  if (decoded === undefined || impossible.test(decoded))
    invalid(text, `the level "${each}" stands for what is no text, or no text of a topic`)
  if (encodeLevel(decoded, i) !== each) invalid(text, `the level "${each}" encodes what is written plainly`)
}

const mostShown = 100

export function invalid(text: string, reason: string): never {
  return fail('TopicInvalid', { topic: text.slice(0, mostShown), reason })
}
