import { z } from 'zod'

const id = z.string().max(100)

/** What a client of DDP may say; fields that DDP does not know are ignored. */
export const clientMessage = z.discriminatedUnion('msg', [
  z.object({
    msg: z.literal('connect'),
    version: z.string().max(20),
    support: z.array(z.string().max(20)).max(20),
  }),
  z.object({ msg: z.literal('ping'), id: id.optional() }),
  z.object({ msg: z.literal('pong') }),
  z.object({ msg: z.literal('sub'), id, name: z.string(), params: z.array(z.unknown()).optional() }),
  z.object({ msg: z.literal('unsub'), id }),
  z.object({ msg: z.literal('method'), id, method: z.string(), params: z.array(z.unknown()).optional() }),
])
export type ClientMessage = z.output<typeof clientMessage>

/** Parameters of the subscription "topic". */
export const topicParams = z.union([
  z.tuple([z.string()]),
  z.tuple([z.string(), z.object({ since: z.string().optional() })]),
])

/** Parameters of the method "publish". */
export const publishParams = z.union([
  z.tuple([z.string(), z.unknown()]),
  z.tuple([
    z.string(),
    z.unknown(),
    z.object({ retain: z.boolean().optional(), contentType: z.string().max(200).optional() }),
  ]),
])
