import { equalBytes, fail, fromHex } from '@banyan/base'
import type { Row, SealedRow } from './charge.js'
import type { PrivateColumns, PublicColumns } from './columns.js'
import { decodeCustom, decodePrivate, decodePublic } from './decode.js'
import type { Keccak } from './seal.js'

/** Who looks at a row. */
export type Reader = { readonly account: string; readonly isOperator?: boolean }

/** A row as one reader sees it: what is not theirs is missing. */
export type RowView = {
  readonly sequence: number
  readonly public: PublicColumns
  readonly private?: PrivateColumns
  readonly custom?: Readonly<Record<string, string>>
}

/** Everybody reads the public columns, the operator the private ones, the enterprise of the row its custom fields. */
export function viewRow(row: Row, reader?: Reader): RowView {
  const open = decodePublic(row.public)
  const isOperator = reader?.isOperator === true && reader.account === open.operator
  return {
    sequence: row.sequence,
    public: open,
    ...(isOperator && { private: decodePrivate(row.private) }),
    ...(reader?.account === open.enterprise && { custom: decodeCustom(row.custom) }),
  }
}

/**
 * Checks that hidden parts are those to which the row's public part commits: what somebody does who was shown them later. Error:
 * StatementInvalid.
 */
export function checkHidden(
  row: Pick<SealedRow, 'public'> & Partial<Pick<SealedRow, 'private' | 'custom'>>,
  keccak256: Keccak,
): void {
  const { privateHash, customHash } = decodePublic(row.public)
  const isOf = (bytes: Uint8Array | undefined, hash: string): boolean =>
    bytes === undefined || bytes.length === 0 || equalBytes(keccak256(bytes), fromHex(hash)!)
  if (!isOf(row.private, privateHash))
    fail('StatementInvalid', { reason: 'private columns differ from their hash' })
  if (!isOf(row.custom, customHash))
    fail('StatementInvalid', { reason: 'custom fields differ from their hash' })
}
