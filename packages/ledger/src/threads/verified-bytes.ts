import { type Address, addressLength, asAddress, asHash, hashLength } from '@banyan/base'
import type { VerifiedTransaction } from '../tx/authorize.js'

/** `id (32) ‖ seal (32) ‖ sender (20) ‖ sponsor's signers (1) ‖ signers (1) ‖ addresses (20 each) in this order`. */
const fixedLength = 2 * hashLength + addressLength + 2

export function verifiedLength(verified: VerifiedTransaction): number {
  return fixedLength + addressLength * addressesOf(verified).length
}

function addressesOf({ sponsorSigner, signers }: VerifiedTransaction): readonly Address[] {
  return sponsorSigner === undefined ? signers : [sponsorSigner, ...signers]
}

/** Writes at `offset` and returns the offset behind. */
export function writeVerified(out: Uint8Array, offset: number, verified: VerifiedTransaction): number {
  out.set(verified.id, offset)
  out.set(verified.seal, offset + 32)
  out.set(verified.sender, offset + 64)
  out[offset + 84] = verified.sponsorSigner === undefined ? 0 : 1
  out[offset + 85] = verified.signers.length
  let end = offset + fixedLength
  for (const address of addressesOf(verified)) {
    out.set(address, end)
    end += addressLength
  }
  return end
}

/** Reads at `offset`. The result holds copies: its fields go on to other threads one by one. */
export function readVerified(
  bytes: Uint8Array,
  offset: number,
): { readonly verified: VerifiedTransaction; readonly end: number } {
  const address = (at: number): Address => asAddress(bytes.slice(at, at + addressLength))
  const sponsors = bytes[offset + 84]!
  const signerCount = bytes[offset + 85]!
  const first = offset + fixedLength + addressLength * sponsors
  const signers: Address[] = []
  for (let i = 0; i < signerCount; i++) signers.push(address(first + addressLength * i))
  return {
    verified: {
      id: asHash(bytes.slice(offset, offset + 32)),
      seal: asHash(bytes.slice(offset + 32, offset + 64)),
      sender: address(offset + 64),
      sponsorSigner: sponsors === 0 ? undefined : address(offset + fixedLength),
      signers,
    },
    end: first + addressLength * signerCount,
  }
}
