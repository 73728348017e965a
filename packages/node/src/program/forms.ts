import { asAddress, fromHex, parseAmount } from '@banyan/base'
import { parseAddress } from '@banyan/crypto'
import { native as provider } from '@banyan/crypto/native'
import { z } from 'zod'

/** How values stand in files of people. */

/** A value read from a text by a function that throws for what it does not accept. */
function readBy<Result>(read: (text: string) => Result) {
  return z.string().transform((text, context): Result => {
    try {
      return read(text)
    } catch (error) {
      context.issues.push({ code: 'custom', message: (error as Error).message, input: text })
      return z.NEVER
    }
  })
}

/** Bytes in hexadecimal digits. What is wrong about them is told without them: they may be secret. */
export const bytesOf = (length: number) =>
  z.string().transform((text, context): Uint8Array => {
    const bytes = fromHex(text)
    if (bytes?.length === length) return bytes
    context.issues.push({ code: 'custom', message: `not 0x and ${2 * length} hexadecimal digits`, input: '' })
    return z.NEVER
  })

export const addressForm = readBy((text) => asAddress(parseAddress(provider, text)))
/** FIG, such as "12.5", in pip. */
export const figForm = readBy((text) => parseAmount(text))
/** A whole number of any size, in decimal digits. */
export const wholeForm = z
  .string()
  .regex(/^\d{1,39}$/, 'not a whole number in decimal digits')
  .transform(BigInt)
