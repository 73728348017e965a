import type { KeyVerdict } from './messages.js'

/** A verdict with the sequence of central's journal that it was given at. */
export type Given<Verdict> = { readonly verdict: Verdict; readonly sequence: number }

export type CacheOptions = {
  /** How long a good verdict is used again, ms. */
  readonly goodMs: number
  /** The same for a refusal. */
  readonly refusedMs: number
  /** Most verdicts of either kind. */
  readonly entries: number
}

type Entry<Value> = { readonly value: Value; readonly until: number }

/** Verdicts by the hash of their key: a key itself is not kept. Refusals are apart, so that guesses do not push out good keys. */
export type VerdictCache = {
  readonly find: (hash: string, now: number) => Given<KeyVerdict> | 'refused' | undefined
  readonly put: (hash: string, value: Given<KeyVerdict> | 'refused', now: number) => void
}

export function createVerdictCache({ goodMs, refusedMs, entries }: CacheOptions): VerdictCache {
  const good = new Map<string, Entry<Given<KeyVerdict>>>()
  const refused = new Map<string, Entry<'refused'>>()
  return {
    find: (hash, now) => fresh(good, hash, now) ?? fresh(refused, hash, now),
    put: (hash, value, now) => {
      if (value === 'refused') keep(refused, hash, { value, until: now + refusedMs }, entries)
      else {
        refused.delete(hash)
        const end = value.verdict.expires ?? Number.POSITIVE_INFINITY
        keep(good, hash, { value, until: Math.min(now + goodMs, end) }, entries)
      }
    },
  }
}

function fresh<Value>(map: Map<string, Entry<Value>>, hash: string, now: number): Value | undefined {
  const entry = map.get(hash)
  if (entry === undefined) return undefined
  if (now < entry.until) return entry.value
  map.delete(hash)
  return undefined
}

/** The oldest entry makes room. */
function keep<Value>(map: Map<string, Entry<Value>>, hash: string, entry: Entry<Value>, limit: number): void {
  map.delete(hash)
  if (map.size >= limit) map.delete(map.keys().next().value!)
  map.set(hash, entry)
}
