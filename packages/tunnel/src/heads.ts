import { fail } from '@banyan/base'

/** Heads of frames. What comes from the other end is checked here field by field before anything uses it. */

/** A service that a miner offers. */
export type ServiceOffer = {
  readonly name: string
  readonly version: string
  /** Requests at the same time. */
  readonly concurrency: number
  /** Whether it runs already, so that a request need not wait for its start. */
  readonly warm: boolean
}

export type Offer = {
  readonly services: readonly ServiceOffer[]
  /** Takes no new work, and ends what it has. */
  readonly draining: boolean
}

export type Hello = Offer & { readonly protocol: 1 }

export type Welcome = {
  readonly protocol: 1
  /** How long the region waits for the acknowledgement of a request, ms. */
  readonly ackMs: number
  /** A miner that hears nothing for three times this long connects again. */
  readonly pingMs: number
}

export type RequestHead = {
  /** Id of the request in the region. */
  readonly id: string
  readonly service: string
  readonly version: string
  readonly method: string
  /** With the query, as the client sent it. */
  readonly path: string
  /** Names and values in turn, in the client's order and spelling. */
  readonly headers: readonly string[]
  /** Time until nobody waits for the answer any more, ms. */
  readonly deadlineMs: number
}

/** What a request cost, as the miner measured it. */
export type Usage = {
  readonly cpuMs: number
  readonly peakMemoryBytes: number
  readonly gpuMs?: number
}

export type ResponseHead = {
  readonly status: number
  readonly headers: readonly string[]
}

export type FailHead = {
  readonly reason: string
  /** Nothing is wrong but that there is no room. */
  readonly busy: boolean
}

export type ProgressHead = {
  /** From 0 to 1. */
  readonly done: number
  readonly note?: string
}

const maxServices = 256
const maxHeaders = 400
const namePattern = /^[a-z0-9][a-z0-9._-]{0,63}$/
const tokenPattern = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/

type Fields = Readonly<Record<string, unknown>>

function fieldsOf(head: unknown): Fields {
  if (typeof head !== 'object' || head === null || Array.isArray(head)) return bad('its head is no object')
  return head as Fields
}

function bad(reason: string): never {
  return fail('TunnelFrameInvalid', { reason })
}

function text(fields: Fields, name: string, limit: number): string {
  const value = fields[name]
  return typeof value === 'string' && value.length <= limit ? value : bad(`${name} is no text of that size`)
}

function matching(fields: Fields, name: string, pattern: RegExp): string {
  const value = fields[name]
  return typeof value === 'string' && pattern.test(value) ? value : bad(`${name} has another form`)
}

function number(fields: Fields, name: string, least: number, most: number): number {
  const value = fields[name]
  return typeof value === 'number' && value >= least && value <= most ? value : bad(`${name} is out of range`)
}

function whole(fields: Fields, name: string, least: number, most: number): number {
  const value = number(fields, name, least, most)
  return Number.isInteger(value) ? value : bad(`${name} is not a whole number`)
}

function flag(fields: Fields, name: string): boolean {
  const value = fields[name]
  return typeof value === 'boolean' ? value : bad(`${name} is neither true nor false`)
}

function protocol(fields: Fields): 1 {
  return fields['protocol'] === 1 ? 1 : bad('it speaks another version of the protocol')
}

/** Whether a text can name a service or a version. */
export function isServiceName(name: string): boolean {
  return namePattern.test(name)
}

/** Names and values in turn; neither could smuggle a line break into an HTTP message. */
function headers(fields: Fields): readonly string[] {
  const value = fields['headers']
  if (!Array.isArray(value) || value.length % 2 !== 0 || value.length > 2 * maxHeaders) {
    return bad('headers are no list of that size')
  }
  for (let i = 0; i < value.length; i += 2) {
    if (typeof value[i] !== 'string' || !tokenPattern.test(value[i] as string))
      bad('a header has no valid name')
    if (typeof value[i + 1] !== 'string' || hasControl(value[i + 1] as string))
      bad('a header has no valid value')
  }
  return value as readonly string[]
}

/** Header values are octets: tabs, and everything from the space on except the delete character, up to 255. */
function hasControl(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i)
    if ((code < 0x20 && code !== 9) || code === 0x7f || code > 0xff) return true
  }
  return false
}

export function checkOffer(head: unknown): Offer {
  const fields = fieldsOf(head)
  const services = fields['services']
  if (!Array.isArray(services) || services.length > maxServices)
    return bad('services are no list of that size')
  return { services: services.map(checkService), draining: flag(fields, 'draining') }
}

function checkService(value: unknown): ServiceOffer {
  const fields = fieldsOf(value)
  return {
    name: matching(fields, 'name', namePattern),
    version: matching(fields, 'version', namePattern),
    concurrency: whole(fields, 'concurrency', 1, 65_536),
    warm: flag(fields, 'warm'),
  }
}

export function checkHello(head: unknown): Hello {
  return { protocol: protocol(fieldsOf(head)), ...checkOffer(head) }
}

export function checkWelcome(head: unknown): Welcome {
  const fields = fieldsOf(head)
  return {
    protocol: protocol(fields),
    ackMs: whole(fields, 'ackMs', 1, 3_600_000),
    pingMs: whole(fields, 'pingMs', 1, 3_600_000),
  }
}

export function checkRequest(head: unknown): RequestHead {
  const fields = fieldsOf(head)
  return {
    id: text(fields, 'id', 64),
    service: matching(fields, 'service', namePattern),
    version: matching(fields, 'version', namePattern),
    method: matching(fields, 'method', tokenPattern),
    path: text(fields, 'path', 32_768),
    headers: headers(fields),
    deadlineMs: whole(fields, 'deadlineMs', 0, Number.MAX_SAFE_INTEGER),
  }
}

export function checkResponse(head: unknown): ResponseHead {
  const fields = fieldsOf(head)
  return { status: whole(fields, 'status', 200, 599), headers: headers(fields) }
}

export function checkUsage(head: unknown): Usage {
  const fields = fieldsOf(head)
  const usage = {
    cpuMs: number(fields, 'cpuMs', 0, Number.MAX_SAFE_INTEGER),
    peakMemoryBytes: whole(fields, 'peakMemoryBytes', 0, Number.MAX_SAFE_INTEGER),
  }
  if (fields['gpuMs'] === undefined) return usage
  return { ...usage, gpuMs: number(fields, 'gpuMs', 0, Number.MAX_SAFE_INTEGER) }
}

export function checkFail(head: unknown): FailHead {
  const fields = fieldsOf(head)
  return { reason: text(fields, 'reason', 1_024), busy: flag(fields, 'busy') }
}

export function checkProgress(head: unknown): ProgressHead {
  const fields = fieldsOf(head)
  const done = number(fields, 'done', 0, 1)
  return fields['note'] === undefined ? { done } : { done, note: text(fields, 'note', 1_024) }
}

/** Reason of a cancellation. */
export function checkCancel(head: unknown): string {
  return text(fieldsOf(head), 'reason', 1_024)
}
