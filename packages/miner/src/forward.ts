import { request as ask, type IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { banyanError } from '@banyan/base'
import type { Lease, Pool } from '@banyan/isolation'
import type { WorkAnswer, WorkRequest } from '@banyan/tunnel/node'

/** Headers that are about one connection and not about what is said (RFC 9110, 7.6.1). */
const ofConnection = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** What went through a miner. */
export type Traffic = { requests: number; failed: number; bytesIn: number; bytesOut: number; cpuMs: number }

/**
 * Hands a request to an instance of a DService and gives back its answer, both as streams. Rejects where the DService or this
 * machine has failed before it answered; what a DService answers, with whatever status, is an answer. An instance that failed,
 * or was left with work that nobody waits for any more, is replaced.
 * Errors: DServiceFailed, PoolFull, and those of a start.
 */
export async function forward(
  work: WorkRequest,
  pool: Pool,
  name: string,
  isAlone: boolean,
  traffic: Traffic,
): Promise<WorkAnswer> {
  traffic.requests++
  let lease: Lease | undefined
  try {
    lease = await pool.take()
    const response = await send(work, lease, name, traffic)
    return answerOf(work, lease, response, isAlone, traffic)
  } catch (error) {
    traffic.failed++
    if (lease !== undefined) traffic.cpuMs += lease.end(!work.signal.aborted || isAlone).cpuMs
    throw error
  }
}

/** Resolves with the head of the answer. */
async function send(
  work: WorkRequest,
  lease: Lease,
  name: string,
  traffic: Traffic,
): Promise<IncomingMessage> {
  const { method, path, signal } = work
  const body = work.body[Symbol.asyncIterator]()
  const first = await body.next()
  const headers = withoutConnection(work.headers)
  if (first.done !== true && !has(headers, 'content-length')) headers.push('transfer-encoding', 'chunked')
  if (!has(headers, 'host')) headers.push('host', name)
  const asked = ask({ ...lease.target, method, path, headers, agent: false, signal })
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    asked.once('response', resolve)
    asked.once('error', (error) =>
      reject(
        signal.aborted
          ? signal.reason
          : banyanError('DServiceFailed', { name, reason: error.message }, error),
      ),
    )
  })
  const sent = (async function* (): AsyncGenerator<Uint8Array> {
    for (let next = first; next.done !== true; next = await body.next()) {
      traffic.bytesIn += next.value.length
      yield next.value
    }
  })()
  // A DService may answer before it has read everything; then its answer stands.
  pipeline(Readable.from(sent, { objectMode: false }), asked).catch(() => undefined)
  return answered
}

function answerOf(
  { signal }: WorkRequest,
  lease: Lease,
  response: IncomingMessage,
  isAlone: boolean,
  traffic: Traffic,
): WorkAnswer {
  let used: { readonly cpuMs: number; readonly peakBytes: number } | undefined
  const end = (isBroken: boolean): NonNullable<typeof used> => {
    if (used === undefined) {
      used = lease.end(isBroken)
      traffic.cpuMs += used.cpuMs
    }
    return used
  }
  // Whether the body is read to its end or left, the instance comes back.
  response.once('close', () => {
    if (!response.complete && !signal.aborted) traffic.failed++
    end(!response.complete && (!signal.aborted || isAlone))
  })
  const body = (async function* (): AsyncGenerator<Uint8Array> {
    for await (const part of response as AsyncIterable<Uint8Array>) {
      traffic.bytesOut += part.length
      yield part
    }
  })()
  return {
    status: response.statusCode ?? 502,
    headers: withoutConnection(response.rawHeaders),
    body,
    usage: () => {
      const { cpuMs, peakBytes } = end(false)
      return { cpuMs, peakMemoryBytes: Math.round(peakBytes) }
    },
  }
}

/** Names and values in turn, without those of the connection and those that the header `connection` names. */
function withoutConnection(headers: readonly string[]): string[] {
  const named = new Set(ofConnection)
  for (let i = 0; i < headers.length; i += 2)
    if (headers[i]!.toLowerCase() === 'connection')
      for (const name of headers[i + 1]!.split(',')) named.add(name.trim().toLowerCase())
  const kept: string[] = []
  for (let i = 0; i < headers.length; i += 2)
    if (!named.has(headers[i]!.toLowerCase())) kept.push(headers[i]!, headers[i + 1]!)
  return kept
}

function has(headers: readonly string[], name: string): boolean {
  return headers.some((text, i) => i % 2 === 0 && text.toLowerCase() === name)
}
