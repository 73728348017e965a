import { randomBytes } from 'node:crypto'
import { fail } from '@banyan/base'
import { isServiceName } from '@banyan/tunnel'
import type { ClientAccount } from '../accounts/port.js'
import { type AffinityOrder, type Tier, tiers, type WorkOrder } from '../core/index.js'

/** Times that a client may ask for, ms: default and most. */
const times = {
  'total-ms': [60_000, 24 * 3_600_000],
  'first-byte-ms': [60_000, 3_600_000],
  'idle-ms': [30_000, 3_600_000],
} as const
const maxVisited = 16

/** Unlike those of any other process; within one it is enough to count. */
const idMiddle = randomBytes(5).toString('hex')
let lastId = 0

export type Target = { readonly service: string; readonly path: string }

/**
 * The service of a request: the first label of the host if it is below `domain`, with the path as it is, else the first
 * segment of the path, which is taken off.
 */
export function targetOf(host: string | undefined, url: string, domain: string | undefined): Target {
  const name = host?.split(':')[0]?.toLowerCase()
  if (domain !== undefined && name?.endsWith(`.${domain}`) === true) {
    return checked(name.slice(0, -domain.length - 1), url)
  }
  const match = /^\/([^/?]*)(.*)$/s.exec(url)
  const rest = match?.[2] ?? ''
  return checked(match?.[1] ?? '', rest.startsWith('/') ? rest : `/${rest}`)
}

function checked(service: string, path: string): Target {
  if (!isServiceName(service)) fail('WorkMalformed', { reason: 'its address names no service' })
  return { service, path }
}

/** What the client asks for by headers. Error: WorkMalformed. */
export function readOrder(
  { service }: Target,
  own: ReadonlyMap<string, string>,
  client: ClientAccount,
  options: { readonly isSmall: boolean; readonly isJob: boolean; readonly key: string | undefined },
): WorkOrder {
  const time = (name: keyof typeof times): number => {
    const [usual, most] = times[name]
    const text = own.get(name)
    if (text === undefined) return options.isJob ? most : usual
    const value = /^\d{1,9}$/.test(text) ? Number(text) : 0
    return value >= 1 && value <= most ? value : bad(`banyan-${name} is not from 1 to ${most}`)
  }
  const prefer = own.get('prefer') ?? 'latency'
  if (prefer !== 'latency' && prefer !== 'speed') return bad('banyan-prefer is neither latency nor speed')
  const version = own.get('version')
  if (version !== undefined && !isServiceName(version)) return bad('banyan-version names no version')
  return {
    id: nextId(),
    account: client.account,
    service,
    version,
    tiers: readTiers(own.get('tiers'), client),
    prefer,
    race: options.isSmall && own.get('race') === 'true',
    affinity: readAffinity(own.get('affinity')),
    totalMs: time('total-ms'),
    firstByteMs: time('first-byte-ms'),
    idleMs: time('idle-ms'),
    visited: readVisited(own.get('visited')),
    repeats: undefined,
    idempotencyKey: options.key,
  }
}

/** 16 bytes, of which the first six count milliseconds: they are also the id of the charge. */
function nextId(): string {
  lastId++
  return Date.now().toString(16).padStart(12, '0') + idMiddle + lastId.toString(16).padStart(10, '0')
}

function bad(reason: string): never {
  return fail('WorkMalformed', { reason })
}

/** The tiers that both the client and its account allow, in the client's order. */
function readTiers(text: string | undefined, client: ClientAccount): readonly Tier[] {
  if (text === undefined) return client.tiers
  const asked = text.split(',').map((part) => Number(part.trim()))
  if (!asked.every((tier) => tiers.includes(tier as Tier))) return bad('banyan-tiers is no list of tiers')
  const both = (asked as Tier[]).filter((tier) => client.tiers.includes(tier))
  return both.length > 0 ? [...new Set(both)] : bad('the account may not use these tiers')
}

/** `soft` or `hard`, perhaps followed by the token of an earlier answer. */
function readAffinity(text: string | undefined): AffinityOrder | undefined {
  if (text === undefined) return undefined
  const match = /^(soft|hard)(?: ([0-9a-f]{32}))?$/.exec(text)
  if (match === null) return bad('banyan-affinity is neither soft nor hard with a token')
  return { mode: match[1] as 'soft' | 'hard', known: match[2], fresh: randomBytes(16).toString('hex') }
}

function readVisited(text: string | undefined): readonly string[] {
  if (text === undefined) return []
  const visited = text.split(',')
  const isList = visited.length <= maxVisited && visited.every((name) => /^[\w.-]{1,64}$/.test(name))
  return isList ? visited : bad('banyan-visited is no list of regions')
}
