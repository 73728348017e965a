import { Link } from '@tanstack/react-router'
import { useBlocks, useLatestTransactions } from '../../data/chain.js'
import { Loaded } from '../../parts/loaded.js'
import { Page, Section } from '../../parts/page.js'
import { Empty } from '../../parts/states.js'
import { BlockList } from './block-list.js'
import { ExplorerLinks } from './explorer-links.js'
import { TransactionList } from './transaction-list.js'

const shownBlocks = 20
const shownTransactions = 20

/** The newest blocks and transactions, live. */
export function ExplorerPage() {
  const blocks = useBlocks(shownBlocks)
  const transactions = useLatestTransactions(shownTransactions)
  return (
    <Page
      title="What happens on this chain"
      tab="Explorer"
      lead="All of this is final: it will never change. Press / to find a block, a transaction or an address."
    >
      <ExplorerLinks />
      <div className="columns is-wide-first">
        <Section
          title="Newest transactions"
          aside={<Link to="/explorer/transactions">All transactions</Link>}
        >
          <Loaded query={transactions} what="The transactions could not be read" rows={10}>
            {({ items: found }) =>
              found.length === 0 ? (
                <Empty>
                  No transactions yet. The first payment will stand here a second after it is sent.
                </Empty>
              ) : (
                <TransactionList transactions={found} />
              )
            }
          </Loaded>
        </Section>
        <Section title="Newest blocks" aside={<Link to="/explorer/blocks">All blocks</Link>}>
          <Loaded query={blocks} what="The blocks could not be read" rows={10}>
            {(found) => <BlockList blocks={found} brief />}
          </Loaded>
        </Section>
      </div>
    </Page>
  )
}
