import { addressLength, concatBytes, fail, hashLength } from '@banyan/base'
import { malformed, notCanonical } from './malformed.js'
import { serializeNative } from './native-bytes.js'
import {
  type DeclaredKey,
  declaredKeyKinds,
  type Native,
  type NativeBody,
  nativeLimits,
  nativeType,
} from './native-format.js'
import { hasSignatureForm, type Signature } from './native-signature.js'
import { requireLength, requireU32, requireUint } from './ranges.js'

/** The rules that go beyond SSZ: what a field does not use is zero or absent. */
export function checkForm(tx: Native): void {
  for (const key of tx.body.accessKeys) checkDeclaredKey(key)
  for (const signature of tx.signatures) checkSignature(signature)
  for (const { signature } of tx.sponsor) checkSignature(signature)
  if (tx.sponsor.length > 0 && isZeroFrom(tx.body.sponsor, 0)) {
    notCanonical('it has a sponsor signature, but names no sponsor')
  }
}

function checkDeclaredKey({ kind, owner, key }: DeclaredKey): void {
  // Account keys do not use `key`, balance keys only its first four bytes, UTXO keys do not use `owner`.
  const usedKeyBytes = [0, 4, hashLength, hashLength][kind]
  if (usedKeyBytes === undefined) malformed('an access key has an unknown kind')
  if (!isZeroFrom(key, usedKeyBytes)) notCanonical('an access key has content that its kind does not use')
  if (kind === declaredKeyKinds.utxo && !isZeroFrom(owner, 0)) {
    notCanonical('the access key of a UTXO names an owner')
  }
}

function checkSignature(signature: Signature): void {
  if (!hasSignatureForm(signature)) malformed('a signature does not have the form of its kind')
}

function isZeroFrom(bytes: Uint8Array, start: number): boolean {
  for (let i = start; i < bytes.length; i++) if (bytes[i] !== 0) return false
  return true
}

/**
 * The bytes of a native transaction. Errors: OptionInvalid where a field does not fit; TransactionMalformed and
 * TransactionNotCanonical as for `decodeNative`.
 */
export function encodeNative(tx: Native): Uint8Array {
  checkNativeFields(tx.body)
  checkCount(tx.signatures, nativeLimits.signatures, 'signatures')
  checkCount(tx.sponsor, 1, 'sponsor')
  for (const { maxFee } of tx.sponsor) requireUint(maxFee, 128, 'maxFee')
  checkForm(tx)
  return concatBytes(Uint8Array.of(nativeType), serializeNative(tx))
}

/** Refuses field values that the format cannot hold. Error: OptionInvalid. */
export function checkNativeFields(body: NativeBody): void {
  requireUint(body.chainId, 64, 'chainId')
  requireLength(body.account, addressLength, 'account')
  requireLength(body.mark, hashLength, 'mark')
  requireUint(body.validUntil, 64, 'validUntil')
  requireUint(body.nonce, 64, 'nonce')
  requireUint(body.gasLimit, 64, 'gasLimit')
  requireUint(body.maxFeePerGas, 128, 'maxFeePerGas')
  requireUint(body.tipPerGas, 128, 'tipPerGas')
  requireLength(body.sponsor, addressLength, 'sponsor')
  checkLists(body)
}

function checkLists({ calls, accessKeys, postConditions }: NativeBody): void {
  checkCount(calls, nativeLimits.calls, 'calls')
  for (const call of calls) {
    requireLength(call.to, addressLength, 'to')
    requireUint(call.value, 128, 'value')
    checkCount(call.data, nativeLimits.callData, 'data')
  }
  checkCount(accessKeys, nativeLimits.accessKeys, 'accessKeys')
  for (const key of accessKeys) {
    requireLength(key.owner, addressLength, 'owner')
    requireLength(key.key, hashLength, 'key')
  }
  checkCount(postConditions, nativeLimits.postConditions, 'postConditions')
  for (const condition of postConditions) {
    requireLength(condition.account, addressLength, 'account')
    requireU32(condition.asset, 'asset')
    requireUint(condition.maxSpent, 128, 'maxSpent')
  }
}

function checkCount(list: { readonly length: number }, limit: number, option: string): void {
  if (list.length > limit) {
    fail('OptionInvalid', { option, reason: `it holds ${list.length}, more than ${limit}` })
  }
}
