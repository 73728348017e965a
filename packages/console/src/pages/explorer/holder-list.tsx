import type { Asset } from '@banyan/sdk'
import { useHolders } from '../../data/holders.js'
import type { Holder } from '../../data/token-holders.js'
import { countText } from '../../format/amount.js'
import { Address } from '../../parts/address.js'
import { type Column, List } from '../../parts/list.js'
import { Loaded } from '../../parts/loaded.js'
import { Money } from '../../parts/money.js'
import { Section } from '../../parts/page.js'
import { Empty } from '../../parts/states.js'

const shown = 25

/** Share of the supply in hundredths of a percent, cut off. */
function shareText(balance: bigint, supply: bigint): string {
  return `${(Number((balance * 10_000n) / supply) / 100).toFixed(2)} %`
}

function columnsFor({ supply, decimals, symbol }: Asset): readonly Column<Holder>[] {
  return [
    { head: 'Holder', cell: ({ address }) => <Address value={address} />, at: 'a' },
    {
      head: 'Share',
      end: true,
      cell: ({ balance }) => (
        <span className="share">
          <meter min={0} max={10_000} value={Number((balance * 10_000n) / supply)} aria-hidden="true" />
          {shareText(balance, supply)}
        </span>
      ),
      at: 'd',
    },
    {
      head: 'Balance',
      end: true,
      cell: ({ balance }) => <Money amount={balance} decimals={decimals} symbol={symbol} />,
      at: 'b',
    },
  ]
}

/** Who holds a token, and how much of it. */
export function HolderList({ asset }: { readonly asset: Asset }) {
  const query = useHolders(asset)
  return (
    <Section
      title="Holders"
      aside={
        query.data !== undefined && (
          <span className="is-quiet">{countText(query.data.holders.length)} in all</span>
        )
      }
    >
      <Loaded query={query} what="The holders could not be read">
        {({ holders, areAll }) =>
          holders.length === 0 ? (
            <Empty>Nobody holds any.</Empty>
          ) : (
            <>
              <List
                label="Holders"
                rows={holders.slice(0, shown)}
                columns={columnsFor(asset)}
                rowKey={({ address }) => address}
              />
              {!areAll && (
                <p className="is-quiet">
                  Reckoned from the transfers that this network still remembers: others may hold some too.
                </p>
              )}
            </>
          )
        }
      </Loaded>
    </Section>
  )
}
