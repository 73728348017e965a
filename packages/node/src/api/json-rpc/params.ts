import { asAddress, asHash } from '@banyan/base'
import { z } from 'zod'
import { parseData } from './quantities.js'

/** Parameters as Ethereum's JSON-RPC writes them, and what they mean here. */

const hexQuantity = /^0x[0-9a-fA-F]{1,64}$/
export const maxDataBytes = 128 * 1024

export const quantityParam = z
  .union([z.string().regex(hexQuantity, 'expected a 0x-prefixed number'), z.number().int().nonnegative()])
  .transform((value) => BigInt(value))

const bytesParam = z
  .string()
  .max(2 + 2 * maxDataBytes)
  .transform((text, context) => {
    const bytes = parseData(text)
    if (bytes !== undefined) return new Uint8Array(bytes)
    context.addIssue({ code: 'custom', message: 'expected 0x and an even number of hexadecimal digits' })
    return z.NEVER
  })

export const dataParam = bytesParam

export const addressParam = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'expected an address: 0x and 40 hexadecimal digits')
  .transform((text) => asAddress(new Uint8Array(parseData(text)!)))

export const hashParam = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/, 'expected a hash: 0x and 64 hexadecimal digits')
  .transform((text) => asHash(new Uint8Array(parseData(text)!)))

/** A key of 1 to 32 bytes, with or without leading zeros. */
export const slotParam = z
  .string()
  .regex(/^0x[0-9a-fA-F]{1,64}$/, 'expected a storage key of at most 32 bytes')
  .transform((text) => asHash(new Uint8Array(parseData(`0x${text.slice(2).padStart(64, '0')}`)!)))

const tags = ['latest', 'safe', 'finalized', 'pending', 'earliest'] as const

const heightParam = z
  .string()
  .regex(
    /^0x[0-9a-fA-F]{1,13}$/,
    'expected a block: a number, or one of latest, safe, finalized, pending, earliest',
  )
  .transform((text) => Number(BigInt(text)))

/** A block by tag, by number, or by hash (EIP-1898). */
export const blockParam = z.union([
  z.enum(tags),
  heightParam,
  z.object({ blockHash: hashParam, requireCanonical: z.boolean().optional() }),
  z.object({ blockNumber: heightParam }),
])

export type BlockParam = z.infer<typeof blockParam>

export const blockNumberParam = z.union([z.enum(tags), heightParam])

/** An object of a transaction or a call. Fields that this chain does not have are refused by the methods, not ignored. */
export const callParam = z.object({
  from: addressParam.optional(),
  to: addressParam.nullish(),
  gas: quantityParam.optional(),
  gasPrice: quantityParam.optional(),
  maxFeePerGas: quantityParam.optional(),
  maxPriorityFeePerGas: quantityParam.optional(),
  value: quantityParam.optional(),
  data: dataParam.optional(),
  input: dataParam.optional(),
  nonce: quantityParam.optional(),
  chainId: quantityParam.optional(),
  type: quantityParam.optional(),
  accessList: z
    .array(z.object({ address: addressParam, storageKeys: z.array(hashParam).max(1_000) }))
    .max(1_000)
    .optional(),
})

export type CallParam = z.infer<typeof callParam>

const maxAlternatives = 1_000

export const logFilterParam = z.object({
  fromBlock: blockNumberParam.nullish(),
  toBlock: blockNumberParam.nullish(),
  blockHash: hashParam.optional(),
  address: z.union([addressParam, z.array(addressParam).max(maxAlternatives)]).nullish(),
  topics: z
    .array(z.union([hashParam, z.array(hashParam).max(maxAlternatives)]).nullable())
    .max(4)
    .nullish(),
})

export type LogFilterParam = z.infer<typeof logFilterParam>
