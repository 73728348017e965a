import { askJson } from './ask.js'
import type { Context } from './command-spec.js'
import { networkUrl } from './running.js'

/** Whose key the origin of a local network adds. */
export type Role = 'enterprise' | 'operator'

/** Asks the region of a network about work and its cost, below /_banyan/ (docs/compute.md). Errors: those it answers with, and those of `askJson`. */
export async function askRegion<Answer>(
  { settings, signal }: Context,
  path: string,
  role: Role = 'enterprise',
  method: 'GET' | 'POST' | 'PUT' = 'GET',
  body?: string,
): Promise<Answer> {
  const url = `${await networkUrl(settings)}/compute/_banyan/${path}`
  return askJson(
    url,
    { method, headers: { 'banyan-as': role }, ...(body === undefined ? {} : { body }) },
    settings.timeout,
    signal,
  )
}

/** One finished request. Times in ms since 1970. */
export type WorkItem = {
  readonly id: string
  readonly account: string
  readonly service: string
  readonly version: string
  readonly miner: string
  readonly tier: number
  readonly outcome: 'done' | 'cancelled' | 'deadline' | 'failed'
  readonly status: number
  readonly acceptedAt: number
  readonly startedAt: number
  readonly firstByteAt: number
  readonly endedAt: number
  readonly attempts: number
  readonly bytesIn: number
  readonly bytesOut: number
  readonly cpuMs: number
  readonly memoryBytes: number
  readonly charge: WorkCharge | null
}

/** Amounts in millionths of the currency. */
export type WorkCharge = {
  readonly id: string
  readonly price: string
  readonly enterpriseAmount: string
  readonly houseAmount: string
  readonly contributorAmount: string
  readonly developerAmount: string
  readonly operatorAmount: string
  readonly currency: string
}

const microDigits = 6

/** Millionths of a currency for people: two digits behind the point at least, and all that are not zero. */
export function moneyText(micro: string, currency: string): string {
  const digits = micro.padStart(microDigits + 1, '0')
  const whole = digits.slice(0, -microDigits)
  const part = digits.slice(-microDigits).replace(/0{1,4}$/, '')
  return `${whole}.${part} ${currency}`
}
