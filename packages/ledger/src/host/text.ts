import { utf8 } from '@banyan/base'

/** Bytes that text takes in UTF-8. */
export function textLength(text: string): number {
  return utf8(text).length
}
