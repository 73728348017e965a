import type { Role } from '@banyan/local/api'
import { askJson } from './ask.js'
import type { Context } from './command-spec.js'
import { networkUrl } from './running.js'

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

const microDigits = 6

/** Millionths of a currency for people: two digits behind the point at least, and all that are not zero. */
export function moneyText(micro: string, currency: string): string {
  const digits = micro.padStart(microDigits + 1, '0')
  const whole = digits.slice(0, -microDigits)
  const part = digits.slice(-microDigits).replace(/0{1,4}$/, '')
  return `${whole}.${part} ${currency}`
}
