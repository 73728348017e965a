import type { ChargeView } from '@banyan/region/api'
import { Link, useParams } from '@tanstack/react-router'
import { useCharge } from '../../data/compute/queries.js'
import { exactText } from '../../format/time.js'
import { Address } from '../../parts/address.js'
import { Facts, Figures } from '../../parts/figures.js'
import { FullValue } from '../../parts/full-value.js'
import { Loaded } from '../../parts/loaded.js'
import { Page, Section } from '../../parts/page.js'
import { Price } from '../../parts/price.js'
import { RawBox } from '../../parts/raw-box.js'
import { SplitBar } from '../../parts/split-bar.js'
import { WithCompute } from '../../parts/with-compute.js'
import { tierText } from '../compute/tiers.js'
import { periodText } from './period-text.js'
import { ReceiptProof } from './receipt-proof.js'

/** One charge: who pays, who gets it, and the proof that it is part of what was paid. */
export function ChargePage() {
  const { id } = useParams({ from: '/billing/charges/$id' })
  const charge = useCharge(id)
  const period = charge.data?.period ?? undefined
  return (
    <Page
      title={charge.data === undefined ? 'A charge' : `A charge for ${charge.data.charge.dservice}`}
      tab="Charge"
      crumb={
        <>
          <Link to="/billing">Billing</Link>
          {period !== undefined && (
            <>
              {' '}
              /{' '}
              <Link to="/billing/invoices/$period" params={{ period }}>
                Invoice of {periodText(period)}
              </Link>
            </>
          )}
        </>
      }
    >
      <WithCompute>
        {() => (
          <Loaded query={charge} what="The charge could not be read" rows={8}>
            {(found) => <Charge view={found} />}
          </Loaded>
        )}
      </WithCompute>
    </Page>
  )
}

/** How a request is paid: docs/billing.md "Deals". */
const deals: Readonly<Record<string, string>> = {
  use: 'By use',
  subsidised: 'Subsidised',
  free: 'Free',
  subscription: 'Subscription',
}

const parties = [
  ['The miner', 'contributor'],
  ['The developer', 'developer'],
  ['The operator', 'operator'],
  ["The miner's charity", 'charityOfContributor'],
  ["The developer's charity", 'charityOfDeveloper'],
  ["The operator's charity", 'charityOfOperator'],
] as const

function Charge({ view }: { readonly view: ChargeView }) {
  const { charge } = view
  const { currency, enterpriseAmount, houseAmount, deal } = charge
  const shares = parties
    .map(([name, party]) => ({ name, account: charge[party], amount: charge[`${party}Amount`] }))
    .filter(({ amount }) => amount > 0n)
  return (
    <>
      <Figures
        figures={[
          { label: 'You pay', value: <Price micro={enterpriseAmount} currency={currency} /> },
          ...(houseAmount > 0n
            ? [
                {
                  label: 'The house pays',
                  value: <Price micro={houseAmount} currency={currency} />,
                },
              ]
            : []),
          { label: 'Machines', value: tierText(charge.tier), note: charge.dservice },
          { label: 'Deal', value: deals[deal] ?? deal },
        ]}
      />
      <ReceiptProof view={view} />
      <Section title="Who gets it">
        <SplitBar
          currency={currency}
          shares={shares.map(({ name, account, amount }) => ({
            name,
            who: <Address value={account} brief />,
            amount,
          }))}
        />
      </Section>
      <Section title="What is known of it">
        <Facts
          facts={[
            ['When', exactText(Number(charge.at))],
            ['Who pays', <Address key="enterprise" value={charge.enterprise} />],
            ['Region', charge.region],
            ['Id', <FullValue key="id" value={charge.id} what="the id of the charge" />],
          ]}
        />
        <RawBox value={view} />
      </Section>
    </>
  )
}
