import { useSearch } from '@tanstack/react-router'
import { useLatestTransactions } from '../../data/chain.js'
import { Loaded } from '../../parts/loaded.js'
import { Page } from '../../parts/page.js'
import { Pager } from '../../parts/pager.js'
import { Empty } from '../../parts/states.js'
import { ExplorerLinks } from './explorer-links.js'
import { TransactionList } from './transaction-list.js'

const pageSize = 40

/** All transactions, newest first. */
export function TransactionsPage() {
  const { page } = useSearch({ from: '/explorer/transactions' })
  const query = useLatestTransactions(pageSize, page)
  return (
    <Page title="Transactions" lead="What people and programs did, in sentences. All of it is final.">
      <ExplorerLinks />
      <Loaded query={query} what="The transactions could not be read" rows={20}>
        {({ items, next }) =>
          items.length === 0 ? (
            <Empty>
              Nothing has happened yet. The first payment will stand here a second after it is sent.
            </Empty>
          ) : (
            <>
              <TransactionList transactions={items} />
              <Pager isLater={page !== undefined} next={next} further="Older" />
            </>
          )
        }
      </Loaded>
    </Page>
  )
}
