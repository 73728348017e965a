import { fail } from '@banyan/base'
import { malformed } from './malformed.js'
import { checkForm } from './native.js'
import { type Native, nativeType } from './native-format.js'
import { nativeFormat } from './native-ssz.js'

/**
 * The native transaction in `bytes`, which hold nothing else. Byte fields of the result are copies. Checks the form
 * only: neither the chain id nor the signatures, of which there may be none yet.
 * Errors: TransactionMalformed, TransactionNotCanonical.
 */
export function decodeNative(bytes: Uint8Array): Native {
  if (bytes[0] !== nativeType) malformed('a native transaction has type 0x7b')
  const tx: Native = { kind: 'native', ...deserialize(bytes.subarray(1)) }
  checkForm(tx)
  return tx
}

/**
 * The library accepts one byte form per value: offsets must be contiguous, booleans 0 or 1, lists within their limits.
 * Its own errors are plain ones.
 */
function deserialize(bytes: Uint8Array): Omit<Native, 'kind'> {
  try {
    return nativeFormat.deserialize(bytes)
  } catch (error) {
    return fail('TransactionMalformed', { reason: 'it is not the SSZ serialization of its type' }, error)
  }
}
