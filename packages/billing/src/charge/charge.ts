import type { PrivateColumns, PublicColumns } from './columns.js'

/** What somebody gives to be kept: all columns but the two hashes, which follow from the rest. */
export type Charge = Omit<PublicColumns, 'customHash' | 'privateHash'> & {
  readonly private: PrivateColumns
  /** Fields of the enterprise, from the request or its session. Only the enterprise reads them. */
  readonly custom: Readonly<Record<string, string>>
  /** 32 random bytes as hexadecimal text: the first half hides the private columns, the second the custom fields. */
  readonly salt: string
}

/** A charge as it was kept. */
export type Row = {
  /** Place in the journal, from 1. */
  readonly sequence: number
  readonly rowHash: Uint8Array
  /** The public columns, encoded. */
  readonly public: Uint8Array
  /** The private columns with their half of the salt, encoded. */
  readonly private: Uint8Array
  /** The custom fields with their half of the salt, encoded; empty if there are none. */
  readonly custom: Uint8Array
}

/** A row that has no place in the journal yet. */
export type SealedRow = Omit<Row, 'sequence'>
