import {
  addressLength,
  equalBytes,
  fail,
  type Hash,
  hashLength,
} from '@banyan/base'
import { malformed, notCanonical } from './malformed.js'
import {
  type AccessKey,
  accessKinds,
  type Native,
  type NativeBody,
  nativeFormat,
  nativeLimits,
  nativeType,
  type Signature,
  signatureKinds,
} from './native-format.js'
import { requireLength, requireU32, requireUint } from './ranges.js'
