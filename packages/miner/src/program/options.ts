import { homedir, hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { fail, fromHex, toHex } from '@banyan/base'
import { z } from 'zod'
import type { Conditions } from '../conditions/conditions.js'

/** An option of the program, as help and other programs show it. */
export type MinerOption = {
  /** In kebab case. */
  readonly name: string
  /** What stands for the value; none for a switch. */
  readonly value?: string
  readonly description: string
  readonly fallback?: string
}

/** Options of joining a region. Secrets never come by option. */
export const minerOptions: readonly MinerOption[] = [
  { name: 'token-file', value: 'path', description: 'File of mode 600 with the token that the region gave' },
  { name: 'name', value: 'name', description: 'Name of this miner; without it, the name of the host' },
  { name: 'registry', value: 'place', description: 'Folder or address of the registry of DServices' },
  { name: 'dservices', value: 'list', description: 'What to hold, such as darkroom@1.0.0,counter@0.1.0' },
  {
    name: 'authorities',
    value: 'list',
    description: 'Public keys whose certificates are trusted, as hexadecimal digits',
  },
  { name: 'data', value: 'folder', description: 'Where packages are kept' },
  {
    name: 'isolation',
    value: 'driver',
    description: 'podman, bubblewrap or process; without it, the best that works here',
  },
  {
    name: 'allow-plain-process',
    description: 'For development alone: run DServices without isolation where nothing else works',
  },
  { name: 'instances', value: 'count', description: 'Instances of each DService at most', fallback: '2' },
  {
    name: 'recycle-after',
    value: 'requests',
    description: 'Replace an instance after so many',
    fallback: '10000',
  },
  {
    name: 'status-port',
    value: 'port',
    description: 'Port of the status page on this machine; 0 for any',
    fallback: '4490',
  },
  { name: 'max-load', value: 'percent', description: 'Rest while other programs use more of the machine' },
  { name: 'hours', value: 'from-until', description: 'Work at these hours alone, such as 22:00-06:30' },
  { name: 'min-battery', value: 'percent', description: 'Rest on battery below this charge' },
  {
    name: 'max-temperature',
    value: 'degrees',
    description: 'Rest above this temperature, in degrees Celsius',
  },
  {
    name: 'ca',
    value: 'path',
    description: 'Certificate in PEM that is trusted besides those of the system',
  },
]

const list = (form: RegExp, what: string) =>
  z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(z.string().regex(form, what)).min(1).max(100))
const number = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,6}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(least).max(most))

const form = z.strictObject({
  region: z.url({ protocol: /^(wss?|https?)$/, error: 'must be an address such as https://region.example' }),
  tokenFile: z.string().min(1),
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'must be small letters, digits and - . _')
    .default(
      () =>
        hostname()
          .toLowerCase()
          .replace(/[^a-z0-9._-]/g, '-')
          .slice(0, 63) || 'miner',
    ),
  registry: z.string().min(1),
  dservices: list(/^[a-z][a-z0-9-]+@[0-9][0-9a-z.-]*$/, 'must be like darkroom@1.0.0'),
  authorities: list(/^0x[0-9a-f]{64}$/, 'must be 32 bytes in hexadecimal digits'),
  data: z.string().min(1).default(defaultFolder),
  isolation: z.enum(['podman', 'bubblewrap', 'process']).optional(),
  allowPlainProcess: z.boolean().default(false),
  instances: number(1, 1_000).prefault('2'),
  recycleAfter: number(1, 999_999).prefault('10000'),
  statusPort: number(0, 65_535).prefault('4490'),
  maxLoad: number(0, 100).optional(),
  hours: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/, 'must be like 22:00-06:30')
    .optional(),
  minBattery: number(0, 100).optional(),
  maxTemperature: number(0, 200).optional(),
  ca: z.string().min(1).optional(),
})

export type MinerConfiguration = Omit<
  z.output<typeof form>,
  'dservices' | 'authorities' | 'maxLoad' | 'hours' | 'minBattery' | 'maxTemperature'
> & {
  readonly dservices: readonly { readonly name: string; readonly version: string }[]
  readonly authorities: readonly Uint8Array[]
  readonly conditions: Conditions
}

/** Other users of the machine must be able to enter it where the miner runs as root, since workloads are one of them. */
function defaultFolder(): string {
  if (process.getuid?.() === 0) return '/var/lib/banyan-miner'
  return join(process.env['XDG_DATA_HOME'] || join(homedir(), '.local', 'share'), 'banyan', 'miner')
}

/** Checks what a command line gives, by option in camel case. Error: OptionInvalid. */
export function readMinerOptions(given: Readonly<Record<string, unknown>>): MinerConfiguration {
  const parsed = form.safeParse(given)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    const option = String(issue.path[0] ?? issue.code)
    const isMissing = given[option] === undefined
    return fail('OptionInvalid', { option, reason: isMissing ? 'it is needed' : issue.message })
  }
  const { dservices, authorities, maxLoad, hours, minBattery, maxTemperature, ...rest } = parsed.data
  return {
    ...rest,
    dservices: dservices.map((text) => ({
      name: text.slice(0, text.indexOf('@')),
      version: text.slice(text.indexOf('@') + 1),
    })),
    authorities: authorities.map((text) => fromHex(text)!),
    conditions: {
      maxOtherLoad: maxLoad === undefined ? undefined : maxLoad / 100,
      hours: hours === undefined ? undefined : readHours(hours),
      minBattery,
      maxTemperature,
    },
  }
}

/** The command line that gives these options again, with whole paths. */
export function minerWords(given: MinerConfiguration): readonly string[] {
  const { conditions, dservices, authorities } = given
  const percent =
    conditions.maxOtherLoad === undefined ? undefined : Math.round(conditions.maxOtherLoad * 100)
  const { hours } = conditions
  const values: Readonly<Record<string, string | number | boolean | undefined>> = {
    'token-file': resolve(given.tokenFile),
    name: given.name,
    registry: /^https?:/.test(given.registry) ? given.registry : resolve(given.registry),
    dservices: dservices.map(({ name, version }) => `${name}@${version}`).join(),
    authorities: authorities.map((key) => toHex(key)).join(),
    data: resolve(given.data),
    isolation: given.isolation,
    'allow-plain-process': given.allowPlainProcess,
    instances: given.instances,
    'recycle-after': given.recycleAfter,
    'status-port': given.statusPort,
    'max-load': percent,
    hours: hours === undefined ? undefined : `${clock(hours.from)}-${clock(hours.until)}`,
    'min-battery': conditions.minBattery,
    'max-temperature': conditions.maxTemperature,
    ca: given.ca === undefined ? undefined : resolve(given.ca),
  }
  const words = Object.entries(values).flatMap(([name, value]) => {
    if (value === undefined || value === false) return []
    return value === true ? [`--${name}`] : [`--${name}`, String(value)]
  })
  return ['join', given.region, ...words]
}

function clock(minutes: number): string {
  const two = (number: number): string => String(number).padStart(2, '0')
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}

function readHours(text: string): { readonly from: number; readonly until: number } {
  const [from = 0, until = 0] = text
    .split('-')
    .map((time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3)))
  return { from, until }
}
