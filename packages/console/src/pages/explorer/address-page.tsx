import { Link, useParams, useSearch } from '@tanstack/react-router'
import { useAccountState, useActivity, useBalances } from '../../data/chain.js'
import { aliasOf, shortHex } from '../../names/address-marks.js'
import { useKnownName } from '../../names/known-names.js'
import { Facts } from '../../parts/figures.js'
import { FullValue } from '../../parts/full-value.js'
import { Glyph } from '../../parts/glyph.js'
import { Loaded } from '../../parts/loaded.js'
import { Page, Section } from '../../parts/page.js'
import { Pager } from '../../parts/pager.js'
import { Empty } from '../../parts/states.js'
import { ActivityExport } from '../wallet/activity-export.js'
import { ActivityList } from '../wallet/activity-list.js'
import { BalanceList } from '../wallet/balance-list.js'

const pageSize = 25

/** Everything about an address. */
export function AddressPage() {
  const { address } = useParams({ from: '/explorer/address/$address' })
  const { page } = useSearch({ from: '/explorer/address/$address' })
  const name = useKnownName(address)
  const balances = useBalances(address)
  const account = useAccountState(address)
  const activity = useActivity(address, pageSize, page)
  const alias = aliasOf(address)
  return (
    <Page
      tab={name ?? alias}
      title={
        <span className="titled-glyph">
          <Glyph address={address} large />
          {name ?? alias}
        </span>
      }
      lead={
        name === undefined
          ? 'An address; the three words and the picture are made from it.'
          : `Also: ${alias}`
      }
      actions={
        <Link to="/wallet/send" search={{ to: address }} className="button">
          Send to {name ?? shortHex(address)}
        </Link>
      }
    >
      <Facts
        facts={[
          ['Address', <FullValue key="address" value={address} what="address" />],
          [
            'Known to the chain',
            account.data === undefined
              ? '…'
              : account.data.exists
                ? 'yes'
                : 'not yet: nothing has ever come here',
          ],
        ]}
      />
      <Section title="Balances">
        <Loaded query={balances} what="The balances could not be read" rows={2}>
          {(found) =>
            found.length === 0 ? <Empty>Holds nothing now.</Empty> : <BalanceList balances={found} />
          }
        </Loaded>
      </Section>
      <Section title="Activity" aside={<ActivityExport address={address as `0x${string}`} />}>
        <Loaded query={activity} what="The activity could not be read">
          {({ items, next }) =>
            items.length === 0 ? (
              <Empty>Nothing has happened here yet.</Empty>
            ) : (
              <>
                <ActivityList owner={address} transactions={items} />
                <Pager isLater={page !== undefined} next={next} further="Older" />
              </>
            )
          }
        </Loaded>
      </Section>
    </Page>
  )
}
