import { fail } from '@banyan/base'
import { checkName } from '../names.js'
import { headerBytes, identityBytes, recordHeaderBytes } from './format.js'

export type LogOptions = {
  /** Prefix of the segment files: several logs can share a folder. */
  readonly name: string
  /**
   * 32 bytes kept in every segment: a log with another identity is refused. Every checksum depends on them. If
   * strangers choose payloads, make part of it random and keep it to yourself, so that nobody can make a payload
   * that looks like a record of this log.
   */
  readonly identity: Uint8Array
  /** Most bytes of a segment file; must fit a header and the largest record. */
  readonly segmentBytes: number
  /** Most payload bytes of a record; at most 2^31 - 1. */
  readonly maxRecordBytes: number
}

export function checkOptions(options: LogOptions): void {
  const { identity, segmentBytes, maxRecordBytes } = options
  checkName(options.name)
  if (identity.length !== identityBytes) fail('OptionInvalid', { option: 'identity', reason: 'not 32 bytes' })
  if (!Number.isSafeInteger(maxRecordBytes) || maxRecordBytes < 1 || maxRecordBytes >= 2 ** 31) {
    fail('OptionInvalid', { option: 'maxRecordBytes', reason: 'not between 1 and 2147483647' })
  }
  const least = headerBytes + recordHeaderBytes + maxRecordBytes
  if (!Number.isSafeInteger(segmentBytes) || segmentBytes < least) {
    fail('OptionInvalid', { option: 'segmentBytes', reason: `less than ${least}` })
  }
}
