import { fail } from '@banyan/base'
import { z } from 'zod'

/** Name of the manifest's file in the folder and in the package of a DService. */
export const manifestFile = 'dservice.json'

const relativePath = z
  .string()
  .min(1)
  .max(200)
  .refine((path) => !path.startsWith('/') && !path.split('/').includes('..'), 'must stay inside the folder')

const argumentList = z.array(z.string().min(1).max(1_000)).min(1).max(32)

const host = z
  .string()
  .max(260)
  .regex(/^(\*\.)?([a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}:\d{1,5}$/, 'must be like api.example.com:443')

const milliseconds = z.int().min(100).max(86_400_000)

/** What a DService tells about itself. What it costs and who is paid is not here: registries say that. */
export const manifestForm = z.strictObject({
  format: z.literal(1).meta({ description: 'Version of this form' }),
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,38}[a-z0-9]$/, 'must be 3 to 40 small letters, digits and dashes')
    .meta({ description: 'The first segment of its addresses' }),
  version: z
    .string()
    .max(40)
    .regex(/^\d{1,6}\.\d{1,6}\.\d{1,6}(-[a-z0-9.]{1,20})?$/, 'must be like 1.2.3 or 1.2.3-beta.1')
    .meta({ description: 'One version names one package forever' }),
  description: z.string().min(1).max(200).meta({ description: 'One sentence for people' }),
  platform: z
    .enum(['any', 'linux-x64', 'linux-arm64'])
    .default('any')
    .meta({ description: 'Where its files run; `any` for JavaScript' }),
  build: argumentList
    .optional()
    .meta({ description: 'Command that makes its files, on the developer’s machine' }),
  files: z
    .array(relativePath)
    .min(1)
    .max(100)
    .meta({ description: 'Files and folders that are packaged; the manifest always is' }),
  command: argumentList.meta({
    description: 'Starts it in the folder of the package; `node` stands for the Node of the miner',
  }),
  health: z
    .string()
    .max(200)
    .regex(/^\/[!-~]*$/, 'must be a path')
    .default('/health')
    .meta({ description: 'Path that answers 200 once it can work' }),
  concurrency: z
    .int()
    .min(1)
    .max(1_000)
    .default(1)
    .meta({ description: 'Requests that one instance takes at once' }),
  timers: z
    .strictObject({
      firstByteMs: milliseconds.default(30_000),
      idleMs: milliseconds.default(30_000),
      totalMs: milliseconds.default(600_000),
    })
    .prefault({})
    .meta({ description: 'Longest time to the first byte of an answer, between two bytes, and in all' }),
  memoryMiB: z
    .int()
    .min(16)
    .max(65_536)
    .default(256)
    .meta({ description: 'Memory of an instance, with its temporary files' }),
  cpuMillis: z
    .int()
    .min(50)
    .max(64_000)
    .default(1_000)
    .meta({ description: 'Thousandths of a core that an instance may use' }),
  processes: z
    .int()
    .min(8)
    .max(1_000)
    .default(64)
    .meta({ description: 'Processes and threads of an instance' }),
  diskMiB: z
    .int()
    .min(1)
    .max(65_536)
    .default(64)
    .meta({ description: 'Size of /tmp, which is gone with the instance' }),
  egress: z.array(host).max(50).default([]).meta({
    description: 'Hosts that it may reach, through the proxy that HTTPS_PROXY names; none by default',
  }),
  comparator: z
    .enum(['bytes', 'json', 'verifier', 'none'])
    .default('bytes')
    .meta({ description: 'How two answers to one request are compared' }),
  estimator: relativePath.optional().meta({ description: 'Module that estimates the work of a request' }),
  verifier: relativePath.optional().meta({ description: 'Module that checks an answer' }),
})

export type Manifest = z.output<typeof manifestForm>

/** Checks a value as a manifest and fills its defaults. Error: ManifestInvalid. */
export function readManifest(value: unknown): Manifest {
  const parsed = manifestForm.safeParse(value)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    const where = issue.path.length === 0 ? '' : `${issue.path.join('.')}: `
    return fail('ManifestInvalid', { reason: `${where}${issue.message}` })
  }
  if (parsed.data.comparator === 'verifier' && parsed.data.verifier === undefined)
    fail('ManifestInvalid', { reason: 'verifier: comparator says that there is one' })
  return parsed.data
}

/** The manifest that a text holds. Error: ManifestInvalid. */
export function parseManifest(text: string): Manifest {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return fail('ManifestInvalid', { reason: 'it is not JSON' }, error)
  }
  return readManifest(value)
}
