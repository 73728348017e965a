import { readFileSync, statSync } from 'node:fs'
import { fail } from '@banyan/base'
import { requireOwnerAlone } from '@banyan/program'
import { topicFilter } from '@banyan/topics'
import { z } from 'zod'
import { type Access, openAccess } from '../access/access.js'
import { accessByKeys, accessFileForm } from '../access/keys.js'
import type { NameSpace } from '../hub/name-spaces.js'
import type { KeyPair } from '../identity/authority.js'
import type { RunOptions } from './options.js'

const atLeastOne = z.int().min(1)

/** The file that says which topics are of which class; the first that a topic matches is its own. */
export const topicsFileForm = z.strictObject({
  topics: z
    .array(
      z.discriminatedUnion('class', [
        z.strictObject({ filter: z.string(), class: z.enum(['event', 'state']) }),
        z.strictObject({
          filter: z.string(),
          class: z.literal('log'),
          messages: atLeastOne.default(100_000),
          bytes: atLeastOne.default(1 << 26),
          hours: z.number().positive().default(24),
        }),
      ]),
    )
    .max(1_000),
})

/** Errors: FileUnreadable, FileInvalid, TopicInvalid. */
export function readNameSpaces({ topics }: RunOptions): readonly NameSpace[] {
  if (topics === undefined) return []
  return readJson(topics, topicsFileForm).topics.map((space) =>
    space.class === 'log'
      ? {
          filter: topicFilter(space.filter),
          class: 'log',
          retention: { messages: space.messages, bytes: space.bytes, ageMs: space.hours * 3_600_000 },
        }
      : { filter: topicFilter(space.filter), class: space.class },
  )
}

/** Errors: FileUnreadable, FileInvalid, TopicInvalid. */
export function readAccess({ access }: RunOptions): Access {
  return access === undefined ? openAccess : accessByKeys(readJson(access, accessFileForm))
}

/** A gateway that others reach needs keys of clients, and something to show them for TLS. Error: GatewayExposed. */
export function requireCover({ host, access, certificate, folder }: RunOptions): void {
  if (/^(127(\.\d{1,3}){3}|::1|localhost)$/.test(host)) return
  if (access === undefined) fail('GatewayExposed', { host, missing: 'without keys of clients' })
  if (certificate === undefined && folder === undefined)
    fail('GatewayExposed', { host, missing: 'without TLS' })
}

/** The certificate that the options name. Errors: OptionInvalid, FileUnreadable, KeyFileExposed. */
export function readCertificate({ certificate, privateKey }: RunOptions): KeyPair | undefined {
  if (certificate === undefined && privateKey === undefined) return undefined
  if (certificate === undefined || privateKey === undefined)
    return fail('OptionInvalid', {
      option: certificate === undefined ? '--certificate' : '--private-key',
      reason: 'a certificate and its private key come together',
    })
  requireOwnerAlone(privateKey, statOf(privateKey))
  return { certificate: readText(certificate), privateKey: readText(privateKey) }
}

function statOf(path: string): number {
  try {
    return statSync(path).mode
  } catch (error) {
    return fail('FileUnreadable', { path, reason: (error as Error).message }, error)
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    return fail('FileUnreadable', { path, reason: (error as Error).message }, error)
  }
}

function readJson<Form extends z.ZodType>(path: string, form: Form): z.output<Form> {
  const text = readText(path)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return fail('FileInvalid', { path, reason: 'it is not JSON' }, error)
  }
  const result = form.safeParse(value)
  return result.success ? result.data : fail('FileInvalid', { path, reason: z.prettifyError(result.error) })
}
