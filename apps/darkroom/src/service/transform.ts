import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { fail } from '@banyan/base'
import type { Inputs } from '../inputs/inputs.js'
import { version } from '../version.js'
import { bodyName } from '../worker/bind-call.js'
import type { Call, JobOrder } from '../worker/messages.js'
import type { Pool } from '../worker/pool.js'
import { keyOf, type Result, type Results } from './results.js'
import { samplePath, samplePrefix } from './samples.js'
import type { Script } from './scripts.js'

/** A request for a transformation, with everything that came with it. */
export type Ask = {
  readonly script: Script
  readonly args: string | undefined
  readonly parameters: Readonly<Record<string, string>>
  readonly body: { readonly path: string; readonly hash: string } | undefined
  readonly bestFormat: Call['bestFormat']
}

export type Transformed = {
  readonly result: Result
  readonly isCached: boolean
  /** Milliseconds since 1970 until which its inputs count as current. */
  readonly freshUntil: number
}

/** An input as it was at one moment. */
type Seen = { readonly path: string; readonly hash: string; readonly freshUntil: number }

type Parts = {
  readonly inputs: Inputs
  readonly results: Results
  readonly pool: Pool
  readonly folder: string
  readonly limits: JobOrder['limits']
}

export type Transform = (ask: Ask) => Promise<Transformed>

/** All that determines a result besides its inputs: this version, the script, and what it is called with. */
function requestKey({ script, args, parameters, body }: Ask): string {
  const named = Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1))
  return keyOf(version, script.text, JSON.stringify([args ?? null, named]), body?.hash ?? '')
}

const earliest = (seen: Iterable<Seen>) =>
  [...seen].reduce((least, { freshUntil }) => Math.min(least, freshUntil), Number.POSITIVE_INFINITY)

/** Answers requests from earlier results where their inputs are still the same, and by a worker otherwise. */
export function createTransform({ inputs, results, pool, folder, limits }: Parts): Transform {
  const running = new Map<string, Promise<Transformed>>()

  const see = async (name: string, { body }: Pick<Ask, 'body'>): Promise<Seen> => {
    const freshUntil = Number.POSITIVE_INFINITY
    if (name.startsWith(samplePrefix)) return { path: samplePath(name), hash: name, freshUntil }
    if (name !== bodyName) return inputs.get(name)
    if (body === undefined)
      fail('DarkroomRequestInvalid', { reason: 'the script loads the body, and there is none' })
    return { ...body, freshUntil }
  }

  const resultKey = (request: string, seen: readonly Seen[], varies: boolean, ask: Ask) =>
    keyOf(request, varies ? ask.bestFormat : '', ...seen.map(({ hash }) => hash))

  const recall = async (request: string, ask: Ask): Promise<Transformed | undefined> => {
    const lesson = results.lesson(request)
    if (lesson === undefined) return undefined
    const seen = await Promise.all(lesson.inputs.map((name) => see(name, ask)))
    const result = results.find(resultKey(request, seen, lesson.varies, ask))
    return result === undefined ? undefined : { result, isCached: true, freshUntil: earliest(seen) }
  }

  const execute = async (request: string, ask: Ask): Promise<Transformed> => {
    const seen = new Map<string, Seen>()
    const path = join(folder, `result-${randomUUID()}`)
    const { script, args, parameters, body, bestFormat } = ask
    const call = { args, parameters, hasBody: body !== undefined, bestFormat }
    const done = await pool.run({ script, call, limits, result: path, probe: undefined }, async (name) => {
      // What a script reads twice is the same both times.
      const found = seen.get(name) ?? (await see(name, ask))
      seen.set(name, found)
      return found.path
    })
    const result = { ...done, path, inputs: [...seen.keys()] }
    results.keep(request, resultKey(request, [...seen.values()], done.varies, ask), result)
    return { result, isCached: false, freshUntil: earliest(seen.values()) }
  }

  return async (ask) => {
    const request = requestKey(ask)
    const found = await recall(request, ask)
    if (found !== undefined) return found
    const same = keyOf(request, ask.bestFormat)
    const started = running.get(same) ?? execute(request, ask).finally(() => running.delete(same))
    running.set(same, started)
    return started
  }
}
