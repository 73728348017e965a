import { concatBytes, fromHex, utf8 } from '@banyan/base'
import { type CryptoProvider, tag } from '@banyan/crypto'

/**
 * What central signs to show a region who it is: the tag, the region that it means to talk with, and a random number of each side. A region
 * cannot pass the proof on to another one, because the region that central dialled is part of it.
 */
export function proofBytes(
  crypto: Pick<CryptoProvider, 'sha256'>,
  region: string,
  regionNonce: string,
  centralNonce: string,
): Uint8Array {
  return concatBytes(
    tag('banyan/central-link'),
    crypto.sha256(utf8(region)),
    fromHex(regionNonce)!,
    fromHex(centralNonce)!,
  )
}
