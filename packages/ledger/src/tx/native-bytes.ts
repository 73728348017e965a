import { concatBytes, uintToLe } from '@banyan/base'
import type { Native, NativeBody, SponsorSignature } from './native-format.js'
import type { Signature } from './native-signature.js'

/**
 * SSZ serialization of native transactions (consensus-specs, "Simple Serialize"): parts of fixed size stand where they are,
 * the others behind them, each named by its offset. Written out here, because the library that reads them needs Node.
 * Whether the values fit is checked before.
 */

const offsetLength = 4

/** A field of fixed size, or one of any size. */
type Part = { readonly fixed: Uint8Array } | { readonly variable: Uint8Array }

const fixed = (bytes: Uint8Array): Part => ({ fixed: bytes })
const variable = (bytes: Uint8Array): Part => ({ variable: bytes })
const uint = (value: bigint | number, bytes: number): Part => fixed(uintToLe(BigInt(value), bytes))

function container(parts: readonly Part[]): Uint8Array {
  const sizeOf = (part: Part): number => ('fixed' in part ? part.fixed.length : offsetLength)
  let offset = parts.reduce((sum, part) => sum + sizeOf(part), 0)
  const heads: Uint8Array[] = []
  const tails: Uint8Array[] = []
  for (const part of parts) {
    if ('fixed' in part) heads.push(part.fixed)
    else {
      heads.push(uintToLe(BigInt(offset), offsetLength))
      tails.push(part.variable)
      offset += part.variable.length
    }
  }
  return concatBytes(...heads, ...tails)
}

/** A list whose elements have no fixed size. */
const variableList = (elements: readonly Uint8Array[]): Uint8Array => container(elements.map(variable))

export function serializeNative({ body, signatures, sponsor }: Omit<Native, 'kind'>): Uint8Array {
  return container([
    variable(bodyBytes(body)),
    variable(variableList(signatures.map(signatureBytes))),
    variable(variableList(sponsor.map(sponsorBytes))),
  ])
}

function bodyBytes(body: NativeBody): Uint8Array {
  const calls = body.calls.map(({ to, value, data }) =>
    container([fixed(to), uint(value, 16), variable(data)]),
  )
  const accessKeys = body.accessKeys.map(({ kind, write, owner, key }) =>
    container([uint(kind, 1), uint(write ? 1 : 0, 1), fixed(owner), fixed(key)]),
  )
  const postConditions = body.postConditions.map(({ account, asset, maxSpent }) =>
    container([fixed(account), uint(asset, 4), uint(maxSpent, 16)]),
  )
  return container([
    uint(body.chainId, 8),
    fixed(body.account),
    fixed(body.mark),
    uint(body.validUntil, 8),
    uint(body.nonce, 8),
    uint(body.gasLimit, 8),
    uint(body.maxFeePerGas, 16),
    uint(body.tipPerGas, 16),
    fixed(body.sponsor),
    variable(variableList(calls)),
    variable(concatBytes(...accessKeys)),
    variable(concatBytes(...postConditions)),
  ])
}

function signatureBytes({ kind, publicKey, signature }: Signature): Uint8Array {
  return container([uint(kind, 1), variable(publicKey), variable(signature)])
}

function sponsorBytes({ maxFee, signature }: SponsorSignature): Uint8Array {
  return container([uint(maxFee, 16), variable(signatureBytes(signature))])
}
