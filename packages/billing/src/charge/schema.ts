import { type Hash, utf8 } from '@banyan/base'
import { hasher } from '@banyan/crypto/portable'
import { privateColumns, publicColumns } from './columns.js'

/** Names, kinds and order of all columns as text: what a row means cannot change without another id. */
const schema = `banyan/charge/1 public ${listed(publicColumns)} private ${listed(privateColumns)}`

function listed(columns: readonly { readonly name: string; readonly kind: string }[]): string {
  return columns.map(({ name, kind }) => `${name}:${kind}`).join(' ')
}

/** First 32 bytes of the public part of every row. */
export const schemaId: Hash = hasher.keccak256(utf8(schema))
