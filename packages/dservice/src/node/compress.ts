import { promisify } from 'node:util'
import { constants, gunzip, gzip } from 'node:zlib'
import { fail } from '@banyan/base'
import { packageLimits } from '../archive.js'

/**
 * Packs an archive for the way. These bytes are no part of a package's identity, which is the hash of the archive: compressors
 * of other versions and machines give others.
 */
export async function compress(archive: Uint8Array): Promise<Uint8Array> {
  return promisify(gzip)(archive, { level: constants.Z_BEST_COMPRESSION })
}

/** The archive of `bytes` length in a compressed package, never more of it. Errors: PackageTooLarge, PackageMalformed. */
export async function decompress(compressed: Uint8Array, bytes: number): Promise<Uint8Array> {
  if (bytes > packageLimits.bytes) fail('PackageTooLarge', { limit: packageLimits.bytes, unit: 'bytes' })
  try {
    return await promisify(gunzip)(compressed, { maxOutputLength: bytes })
  } catch (error) {
    return fail('PackageMalformed', { reason: `it does not decompress to ${bytes} bytes` }, error)
  }
}
