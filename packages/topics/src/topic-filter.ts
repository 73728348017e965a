import { invalid, requireLevel, requireLevelCount } from './topic-name.js'

declare const brand: unique symbol

/** A name in which `+` stands for any one level, and `#`, as the last, for any number of them, none included. */
export type TopicFilter = string & { readonly [brand]: 'TopicFilter' }

/** `*` and `>` may be written for `+` and `#`. Error: TopicInvalid. */
export function topicFilter(text: string): TopicFilter {
  const levels = text.split('/').map((each) => (each === '*' ? '+' : each === '>' ? '#' : each))
  requireLevelCount(levels.length, text)
  levels.forEach((each, i) => {
    if (each === '#' && i < levels.length - 1) invalid(text, '# is not its last level')
    if (each !== '+' && each !== '#') requireLevel(each, i, text)
  })
  return levels.join('/') as TopicFilter
}

/** Wildcards do not stand for a first level that is reserved. */
export function matches(filter: string, name: string): boolean {
  const [wanted, levels] = [filter.split('/'), name.split('/')]
  if (name.startsWith('$') && (wanted[0] === '+' || wanted[0] === '#')) return false
  for (let i = 0; i < wanted.length; i++) {
    if (wanted[i] === '#') return true
    if (i >= levels.length || (wanted[i] !== '+' && wanted[i] !== levels[i])) return false
  }
  return wanted.length === levels.length
}

/** Whether every name that `inner`, a name or a filter, matches is matched by `outer` too. */
export function covers(outer: string, inner: string): boolean {
  const [wide, narrow] = [outer.split('/'), inner.split('/')]
  if (inner.startsWith('$') && (wide[0] === '+' || wide[0] === '#')) return false
  for (let i = 0; i < wide.length; i++) {
    if (wide[i] === '#') return true
    if (i >= narrow.length || narrow[i] === '#') return false
    if (wide[i] !== '+' && wide[i] !== narrow[i]) return false
  }
  return wide.length === narrow.length
}
