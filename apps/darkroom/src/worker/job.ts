import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { BanyanError, banyanError, fail } from '@banyan/base'
import { translate } from '../dialect/translate.js'
import { bindArguments, operations, operationsByName, type Values } from '../operations/index.js'
import type { Entry, Job, Saved } from '../operations/operation.js'
import { admitPixels } from '../picture/decode.js'
import type { Encoding } from '../picture/encode.js'
import { type Picture, pixelsOf } from '../picture/picture.js'
import type { Sandbox, ScriptOutcome } from '../sandbox/sandbox.js'
import { bindCall } from './bind-call.js'
import { type JobOrder, type JobResult, PlacedError, type ProbeResult, toWire } from './messages.js'
import { probeTile } from './probe.js'

type Fetch = (name: string) => Promise<string>

/** What a running script has made so far. */
type Progress = {
  readonly job: Job
  readonly saved: () => Saved | undefined
  readonly found: () => ProbeResult | undefined
  readonly varies: () => boolean
}

/** Bytes of the files of all archives of one script. */
const maxZipBytes = 500_000_000

function startJob({ limits, call, probe }: JobOrder, fetch: Fetch): Progress {
  const pictures = new Map<number, Picture>()
  const zips = new Map<number, Entry[]>()
  let made = 0
  let saved: Saved | undefined
  let found: ProbeResult | undefined
  let varies = false
  const setPicture = (id: number, picture: Picture) => {
    const others = [...pictures].reduce((sum, [other, held]) => sum + (other === id ? 0 : pixelsOf(held)), 0)
    // What is held in all: several pictures of the largest size are usual, many are not.
    admitPixels('All that the script holds', others + pixelsOf(picture), 4 * limits.pixels)
    pictures.set(id, picture)
  }
  const job: Job = {
    limits,
    fetch,
    admit: (what, pixels) => admitPixels(what, pixels, limits.pixels),
    picture: (id) => pictures.get(id) ?? fail('MediaEmpty'),
    setPicture,
    make: (picture) => {
      setPicture(--made, picture)
      return { $media: made, $class: 'Media' }
    },
    entries: (id) => zips.get(id) ?? [],
    addEntry: (id, entry) => {
      zips.set(id, [...(zips.get(id) ?? []), entry])
      const total = [...zips.values()].flat().reduce((sum, { bytes }) => sum + bytes.length, 0)
      if (total > maxZipBytes)
        fail('OperationInvalid', { operation: 'Zip.add', reason: 'the archive is too large' })
    },
    answer: (result) => {
      saved = result
    },
    bestFormat: () => {
      varies = true
      return call.bestFormat
    },
    probe:
      probe === undefined
        ? undefined
        : async (picture, encoding) => {
            found = await probeTile(picture, encoding as Encoding, probe)
          },
  }
  return { job, saved: () => saved, found: () => found, varies: () => varies }
}

const methods = JSON.stringify(operations.map(({ name, on, answers }) => ({ name, on, answers })))

/** Runs one operation that the script called. */
async function perform(job: Job, name: string, json: string): Promise<string> {
  if (name === '$operations') return methods
  const operation = operationsByName.get(name)
  if (operation === undefined)
    fail('OperationInvalid', { operation: name, reason: 'there is no such operation' })
  const { own, ...values } = JSON.parse(json) as Values & { readonly own: number }
  try {
    const args = bindArguments(operation, values)
    return JSON.stringify((await operation.run(job, own, args as never)) ?? null)
  } catch (error) {
    if (error instanceof BanyanError) throw error
    const reason = (error as Error).message.split('\n')[0]!.slice(0, 200)
    throw banyanError('OperationInvalid', { operation: name, reason }, error)
  }
}

const isReference = (value: unknown): value is { readonly $media: number } =>
  typeof value === 'object' && value !== null && '$media' in value

/** What `main` returned, as the answer. A Media is saved as `save()` would; a text or an object is sent as it is. */
async function answerOf(value: unknown, { job, saved, found }: Progress, script: string): Promise<void> {
  if (isReference(value)) {
    const isZip = job.entries(value.$media).length > 0
    await perform(
      job,
      isZip ? 'Zip.save' : 'Media.save',
      JSON.stringify({ own: value.$media, positional: [], named: {} }),
    )
  } else if (typeof value === 'string') {
    job.answer({ bytes: Buffer.from(value), type: 'text/plain; charset=utf-8' })
  } else if (value !== undefined) {
    job.answer({ bytes: Buffer.from(JSON.stringify(value)), type: 'application/json' })
  }
  if (saved() === undefined && found() === undefined) fail('NothingSaved', { script })
}

function unwrap(outcome: ScriptOutcome): unknown {
  if (outcome.ok) return outcome.value
  throw new PlacedError(toWire(outcome.failure.error, outcome.failure.position))
}

/**
 * Runs the script of an order in a fresh sandbox and writes its result.
 *
 * Errors: all of 2700 to 2759 that a script can cause, as `PlacedError` where the place is known.
 */
export async function runJob(order: JobOrder, sandbox: Sandbox, fetch: Fetch): Promise<JobResult> {
  const { name, text } = order.script
  const translation = translate(name, text)
  const progress = startJob(order, fetch)
  const host = (operation: string, json: string) => perform(progress.job, operation, json)
  const call = bindCall(translation, order.call)
  await answerOf(unwrap(await sandbox.run({ name, translation, call, host })), progress, name)
  const { bytes, type } = progress.saved() ?? { bytes: Buffer.alloc(0), type: 'application/json' }
  await writeFile(order.result, bytes)
  return {
    type,
    bytes: bytes.length,
    hash: createHash('sha256').update(bytes).digest('hex'),
    varies: progress.varies(),
    probe: progress.found(),
  }
}
