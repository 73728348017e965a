import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { fail, type Hex, toHex } from '@banyan/base'
import { type ComputeState, whyNot } from '../compute/compute.js'
import type { WorkloadIsolation } from '../compute/miner-status.js'
import { layoutOf } from '../folder/layout.js'
import type { Person } from '../people.js'
import type { Part, PartState, PartStatus } from '../processes/part.js'
import { memoryOf } from '../processes/process-table.js'
import type { Supervisor } from '../processes/supervisor.js'
import { sendJson } from './answer.js'
import { setAnswerHeaders } from './headers.js'
import type { Upstreams } from './upstreams.js'

/** A part as `/local/status` tells of it. */
export type LocalPart = Omit<PartStatus, 'state'> & {
  /** It hangs if it is ready but does not answer. */
  readonly state: PartState | 'hangs'
  /** Highest final block that a validator has told. */
  readonly height: number | null
}

/** What `/local/status` answers. */
export type LocalStatus = {
  readonly chainId: number
  readonly origin: string
  readonly folder: string
  /** ms since 1970 */
  readonly since: number
  readonly isEphemeral: boolean
  readonly parts: readonly LocalPart[]
  readonly compute: {
    readonly state: ComputeState['kind']
    /** Why it is not ready, as a sentence goes on. */
    readonly reason: string | null
    /** How workloads are kept apart from this machine; nothing before it is ready. */
    readonly isolation: WorkloadIsolation | null
  }
  /** Of all processes together. */
  readonly memoryBytes: number | null
}

/** Somebody in the answer of `/local/people`. */
export type PersonWithKey = {
  readonly name: string
  readonly scheme: 'ed25519' | 'secp256k1'
  readonly address: Hex
  readonly secret: Hex
}

/** The answer of `/local/people`. */
export type LocalPeople = {
  readonly people: readonly PersonWithKey[]
  /** Accounts of the network itself, by what they do. */
  readonly services: readonly { readonly name: string; readonly address: Hex }[]
}

export type LocalOptions = {
  readonly chainId: number
  readonly folder: string
  readonly isEphemeral: boolean
  readonly people: readonly Person[]
  /** Accounts of the network itself, of which pages know the names alone. */
  readonly services: readonly Person[]
}

export type LocalApi = {
  readonly status: () => Promise<LocalStatus>
  /** Answers a request below /local/ if it is one of its paths. */
  readonly answer: (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<boolean>
  readonly close: () => void
}

const maxStreams = 64
const everyMs = 2_000
const defaultLines = 100

/** State of the parts, as one document and as a stream, their logs, and the people whose keys are known. */
export function createLocalApi(
  options: LocalOptions,
  supervisor: Supervisor,
  upstreams: Upstreams,
  origin: () => string,
  computeState: () => ComputeState,
): LocalApi {
  const since = Date.now()
  const streams = new Set<ServerResponse>()

  const partNow = async (part: Part): Promise<LocalPart> => {
    const told = await part.status()
    const height = upstreams.heightOf(part.name)
    const problem = supervisor.silenceOf(part)
    return problem === undefined ? { ...told, height } : { ...told, height, state: 'hangs', problem }
  }

  const status = async (): Promise<LocalStatus> => {
    const parts = await Promise.all(supervisor.parts.map(partNow))
    const own: LocalPart = {
      name: 'origin',
      state: 'ready',
      pid: process.pid,
      since,
      restarts: 0,
      memoryBytes: (await memoryOf(process.pid)) ?? null,
      ports: { http: Number(new URL(origin()).port) },
      lastLine: '',
      problem: null,
      height: null,
    }
    const all = [...parts, own]
    const memory = all.every((part) => part.memoryBytes !== null || part.pid === null)
      ? all.reduce((sum, part) => sum + (part.memoryBytes ?? 0), 0)
      : null
    const { chainId, folder, isEphemeral } = options
    const compute = summaryOf(computeState())
    return { chainId, origin: origin(), folder, since, isEphemeral, parts: all, compute, memoryBytes: memory }
  }

  const tell = async (): Promise<void> => {
    if (streams.size === 0) return
    const text = `event: status\ndata: ${JSON.stringify(await status())}\n\n`
    for (const stream of streams) {
      // Who reads too slowly gets the next one: each of them is complete.
      if (!stream.writableNeedDrain) stream.write(text)
    }
  }
  const timer = setInterval(() => void tell(), everyMs)
  const unwatch = supervisor.watch((event) => {
    if (event.kind !== 'line') void tell()
  })

  const stream = async (response: ServerResponse): Promise<void> => {
    if (streams.size >= maxStreams)
      fail('RequestLimitExceeded', { what: 'open event streams', limit: maxStreams })
    setAnswerHeaders(response)
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    response.write(`event: status\ndata: ${JSON.stringify(await status())}\n\n`)
    streams.add(response)
    response.once('close', () => streams.delete(response))
  }

  const sendLines = (response: ServerResponse, name: string, url: URL): void => {
    const part = supervisor.parts.find((found) => found.name === name) ?? fail('PartUnknown', { part: name })
    const asked = Number(url.searchParams.get('lines') ?? defaultLines)
    if (!Number.isSafeInteger(asked) || asked < 1)
      fail('ParametersInvalid', { reason: 'lines is not a number from 1 on' })
    sendJson(response, 200, { part: name, lines: part.lines(asked) })
  }

  /** For light clients of pages of this origin: whom to trust must not come from a node. */
  const sendGenesis = async (response: ServerResponse): Promise<void> => {
    const text = await readFile(join(layoutOf(options.folder).network, 'genesis.json'), 'utf8')
    sendJson(response, 200, JSON.parse(text))
  }

  const sendPeople = (response: ServerResponse): void => {
    const people = options.people.map(
      ({ name, scheme, secret, address }): PersonWithKey => ({
        name,
        scheme,
        address: toHex(address),
        secret: toHex(secret),
      }),
    )
    const services = options.services.map(({ name, address }) => ({ name, address: toHex(address) }))
    const answer: LocalPeople = { people, services }
    sendJson(response, 200, answer)
  }

  return {
    status,
    answer: async (request, response, url) => {
      if (request.method !== 'GET') return false
      const [, , first, second] = url.pathname.split('/')
      if (first === 'status') sendJson(response, 200, await status())
      else if (first === 'events') await stream(response)
      else if (first === 'people') sendPeople(response)
      else if (first === 'genesis') await sendGenesis(response)
      else if (first === 'logs' && second !== undefined) sendLines(response, second, url)
      else return false
      return true
    },
    close: () => {
      clearInterval(timer)
      unwatch()
      for (const response of streams) response.end()
    },
  }
}

function summaryOf(state: ComputeState): LocalStatus['compute'] {
  return state.kind === 'ready'
    ? { state: state.kind, reason: null, isolation: state.isolation }
    : { state: state.kind, reason: whyNot(state), isolation: null }
}
