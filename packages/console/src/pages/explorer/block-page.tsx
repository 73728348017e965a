import type { Block } from '@banyan/sdk'
import { Link, useParams, useSearch } from '@tanstack/react-router'
import { useBlock, useBlockTransactions } from '../../data/chain.js'
import { countText } from '../../format/amount.js'
import { bytesText, exactText } from '../../format/time.js'
import { Address } from '../../parts/address.js'
import { Ago } from '../../parts/ago.js'
import { Facts } from '../../parts/figures.js'
import { FullValue } from '../../parts/full-value.js'
import { Loaded } from '../../parts/loaded.js'
import { Page, Section } from '../../parts/page.js'
import { Pager } from '../../parts/pager.js'
import { RawBox } from '../../parts/raw-box.js'
import { Empty, StateMark } from '../../parts/states.js'
import { FinalityProof } from './finality-proof.js'
import { TransactionList } from './transaction-list.js'

const crumb = <Link to="/explorer/blocks">Blocks</Link>

/** One block. */
export function BlockPage() {
  const { block } = useParams({ from: '/explorer/block/$block' })
  const query = useBlock(block)
  const { data } = query
  if (data === undefined) {
    return (
      <Page title="Block" crumb={crumb}>
        <Loaded query={query} what="This block could not be read">
          {() => null}
        </Loaded>
      </Page>
    )
  }
  return <BlockView block={data} />
}

function missedText({ view, parentView }: Block): string {
  const missed = view - parentView - 1
  if (missed <= 0) return 'The proposer before was in time.'
  return `${missed} ${missed === 1 ? 'turn' : 'turns'} before it passed without a block.`
}

function BlockView({ block }: { readonly block: Block }) {
  const { height, timestamp, included } = block
  const what =
    included === 0
      ? 'holds no transactions'
      : included === 1
        ? 'holds 1 transaction'
        : `holds ${countText(included)} transactions`
  return (
    <Page
      crumb={crumb}
      tab={`Block ${height}`}
      title={`Block ${countText(height)} ${what}.`}
      lead={
        <>
          <StateMark kind="done">Final</StateMark> · <Ago at={timestamp} /> · {exactText(timestamp)}
        </>
      }
      actions={
        <>
          {height > 0 && (
            <Link
              to="/explorer/block/$block"
              params={{ block: String(height - 1) }}
              className="button is-small"
            >
              Before
            </Link>
          )}
          <Link
            to="/explorer/block/$block"
            params={{ block: String(height + 1) }}
            className="button is-small"
          >
            After
          </Link>
        </>
      }
    >
      <Facts
        facts={[
          ['Proposed by', <Address key="by" value={block.proposer} />],
          ['Turns', missedText(block)],
          ['Size', bytesText(block.size)],
          ['Work', `${countText(block.gasUsed)} units`],
          ['Block id', <FullValue key="id" value={block.id} what="block id" />],
          [
            'Parent',
            <Link
              key="parent"
              to="/explorer/block/$block"
              params={{ block: block.parentId }}
              className="full"
            >
              {block.parentId}
            </Link>,
          ],
        ]}
      />
      <BlockTransactions block={block} />
      {height > 0 && <FinalityProof key={height} height={height} />}
      <RawBox value={block} />
    </Page>
  )
}

const pageSize = 40

function BlockTransactions({ block: { height, included } }: { readonly block: Block }) {
  const { page } = useSearch({ from: '/explorer/block/$block' })
  const query = useBlockTransactions(height, pageSize, page === undefined ? undefined : Number(page))
  if (included === 0) {
    return (
      <Section title="Transactions">
        <Empty>None. A chain at rest still makes a block now and then, so that its clock goes on.</Empty>
      </Section>
    )
  }
  return (
    <Section title="Transactions">
      <Loaded query={query} what="The transactions could not be read">
        {({ items, next }) => (
          <>
            <TransactionList transactions={items} />
            <Pager isLater={page !== undefined} next={next} further="More" />
          </>
        )}
      </Loaded>
    </Section>
  )
}
