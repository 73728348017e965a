import { asAddress, asAssetId, asHash } from '@banyan/base'
import { headerFields } from '@banyan/crypto'
import { errorForm } from '@banyan/http-api'
import { z } from 'zod'
import { data, parseData } from '../json-rpc/quantities.js'

/** How values look in the native API: bytes as hexadecimal text, heights as numbers, amounts as decimal text. */

const maxHeight = Number.MAX_SAFE_INTEGER

export const hash = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/)
  .meta({ description: '32 bytes' })
export const address = z
  .string()
  .regex(/^0x[0-9a-f]{40}$/)
  .meta({ description: '20 bytes' })
export const bytes = z
  .string()
  .regex(/^0x([0-9a-f]{2})*$/)
  .meta({ description: 'Bytes' })
export const height = z.number().int().min(0).max(maxHeight).meta({ description: 'Height of a block' })
export const count = z.number().int().min(0).max(maxHeight)
export const amount = z
  .string()
  .regex(/^\d{1,39}$/)
  .meta({ description: 'Base units, in decimal digits' })

export const addressIn = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/)
  .transform((text) => asAddress(new Uint8Array(parseData(text)!)))
export const hashIn = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/)
  .transform((text) => asHash(new Uint8Array(parseData(text)!)))

const digits = /^(0|[1-9]\d{0,15})$/

export const heightIn = z
  .string()
  .regex(digits)
  .transform((text) => Math.min(Number(text), maxHeight))
export const assetIn = z
  .string()
  .regex(/^(0|[1-9]\d{0,9})$/)
  .refine((text) => Number(text) < 2 ** 32, 'below 2^32')
  .transform((text) => asAssetId(Number(text)))
export const fieldIn = z.enum(headerFields)

/** A block by height, by id, or the newest final one. */
export const blockIn = z
  .string()
  .regex(/^(latest|0|[1-9]\d{0,15}|0x[0-9a-fA-F]{64})$/)
  .meta({ description: 'A height, an id, or "latest": the newest final block' })

export const proofForm = z.object({
  height: height.meta({ description: 'Final block that the proof leads to' }),
  blockId: hash,
  proof: bytes.meta({ description: 'docs/formats.md "Proofs"; a light client checks it' }),
})

export const certificateForm = z.object({
  height,
  blockId: hash,
  certificate: bytes.meta({ description: 'docs/formats.md "Proofs of finality"' }),
})

export { errorForm }

export const hex = data
