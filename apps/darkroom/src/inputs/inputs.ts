import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { LRUCache } from 'lru-cache'
import { type Download, type DownloadSettings, download } from './download.js'

/** An input on disk. */
export type Input = {
  readonly path: string
  /** SHA-256 of its bytes. */
  readonly hash: string
  /** Milliseconds since 1970 until which it counts as current. */
  readonly freshUntil: number
}

export type Inputs = {
  /** Fetches an address, or takes what was fetched before as long as its server says that it is the same. */
  readonly get: (url: string) => Promise<Input>
}

type Kept = Download & Input

/** Where servers do not say how long a document stays as it is, and how long is believed at most. */
const usualFreshness = 60
const maxFreshness = 3_600
/** Files that left the cache may still be read by a script that runs. */
const graceMs = 120_000

/** Removes a file when nobody reads it any more. */
export function removeLater(path: string): void {
  setTimeout(() => void rm(path, { force: true }).catch(() => undefined), graceMs).unref()
}

/** Seconds that a document stays current by its Cache-Control. */
export function freshnessOf(cacheControl: string): number {
  if (/\bno-(store|cache)\b/.test(cacheControl)) return 0
  const age = /\bmax-age=(\d{1,9})/.exec(cacheControl)
  return Math.min(maxFreshness, age === null ? usualFreshness : Number(age[1]))
}

/** A cache of inputs in `folder`, bounded by bytes. */
export function createInputs(folder: string, cacheBytes: number, settings: DownloadSettings): Inputs {
  const kept = new LRUCache<string, Kept>({
    maxSize: cacheBytes,
    sizeCalculation: ({ bytes }) => bytes + 1_000,
    dispose: ({ path }, _, reason) => {
      if (reason !== 'set') removeLater(path)
    },
  })
  const running = new Map<string, Promise<Input>>()

  const keep = (url: string, found: Download): Input => {
    const input = { ...found, freshUntil: Date.now() + 1_000 * freshnessOf(found.cacheControl) }
    kept.set(url, input)
    // Too large for the cache: it is there for this once.
    if (!kept.has(url)) removeLater(found.path)
    return input
  }

  const refresh = async (url: string): Promise<Input> => {
    const known = kept.get(url)
    const found = await download(url, join(folder, `input-${randomUUID()}`), known, settings)
    if (found === undefined) return keep(url, known!)
    if (known !== undefined) removeLater(known.path)
    return keep(url, found)
  }

  return {
    get: (url) => {
      const known = kept.get(url)
      if (known !== undefined && known.freshUntil > Date.now()) return Promise.resolve(known)
      const started = running.get(url) ?? refresh(url).finally(() => running.delete(url))
      running.set(url, started)
      return started
    },
  }
}
