import { createHash } from 'node:crypto'
import { covers, type TopicFilter, topicFilter } from '@banyan/topics'
import { z } from 'zod'
import type { Access, Principal } from './access.js'

const filters = z.array(z.string()).default([])

/** A file that says who may do what. Keys are random and long, so that one hash of them is enough. */
export const accessFileForm = z.strictObject({
  principals: z.array(
    z.strictObject({
      name: z.string().min(1).max(100),
      /** SHA-256 of the key in hex. */
      key: z.string().regex(/^[0-9a-f]{64}$/),
      publish: filters,
      subscribe: filters,
    }),
  ),
})
export type AccessFile = z.output<typeof accessFileForm>

type Rights = Principal & {
  readonly publish: readonly TopicFilter[]
  readonly subscribe: readonly TopicFilter[]
}

/** Access by keys: whoever shows one may do what stands beside it, and nothing else. Error: TopicInvalid. */
export function accessByKeys(file: AccessFile): Access {
  const rights = new Map(
    file.principals.map(({ key, name, publish, subscribe }): [string, Rights] => [
      key,
      { name, publish: publish.map(topicFilter), subscribe: subscribe.map(topicFilter) },
    ]),
  )
  const known = new Set<Principal>(rights.values())
  return {
    authenticate: ({ name, secret }, done) => {
      const found = secret && rights.get(createHash('sha256').update(secret).digest('hex'))
      done(found !== undefined && (name === undefined || name === found.name) ? found : undefined)
    },
    can: (principal, action, name) => {
      const own = known.has(principal) ? (principal as Rights)[action] : []
      return own.some((filter) => covers(filter, name)) ? 'granted' : 'denied'
    },
  }
}
