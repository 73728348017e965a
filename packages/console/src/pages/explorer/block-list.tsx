import type { Block } from '@banyan/sdk'
import { Link } from '@tanstack/react-router'
import { countText } from '../../format/amount.js'
import { bytesText } from '../../format/time.js'
import { Address } from '../../parts/address.js'
import { Ago } from '../../parts/ago.js'
import { type Column, List } from '../../parts/list.js'

const columns: readonly Column<Block>[] = [
  {
    head: 'Block',
    cell: ({ height }) => (
      <Link to="/explorer/block/$block" params={{ block: String(height) }}>
        {countText(height)}
      </Link>
    ),
    at: 'a',
  },
  { head: 'When', cell: ({ timestamp }) => <Ago at={timestamp} />, at: 'c' },
  {
    head: 'Transactions',
    end: true,
    cell: ({ included }) => (
      <>
        {countText(included)}
        <span className="narrow-only"> {included === 1 ? 'transaction' : 'transactions'}</span>
      </>
    ),
    at: 'b',
  },
  { head: 'Size', end: true, cell: ({ size }) => bytesText(size), at: 'd' },
  { head: 'Proposed by', cell: ({ proposer }) => <Address value={proposer} brief /> },
]
const briefColumns = columns.slice(0, 3)

/** Blocks, newest first. */
export function BlockList({
  blocks,
  brief = false,
}: {
  readonly blocks: readonly Block[]
  readonly brief?: boolean
}) {
  return (
    <List
      label="Blocks"
      rows={blocks}
      columns={brief ? briefColumns : columns}
      rowKey={({ height }) => String(height)}
      density="compact"
    />
  )
}
