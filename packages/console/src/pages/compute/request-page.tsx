import type { WorkCharge, WorkItem } from '@banyan/region/api'
import { Link, useParams } from '@tanstack/react-router'
import { useLocalCompute, useWorkItem } from '../../data/compute/queries.js'
import { bytesText, exactText, spanText } from '../../format/time.js'
import { Facts, Figures } from '../../parts/figures.js'
import { FullValue } from '../../parts/full-value.js'
import { Loaded } from '../../parts/loaded.js'
import { MinerName, minerName } from '../../parts/miner-name.js'
import { Page, Section } from '../../parts/page.js'
import { Price } from '../../parts/price.js'
import { RawBox } from '../../parts/raw-box.js'
import { SplitBar } from '../../parts/split-bar.js'
import { WithCompute } from '../../parts/with-compute.js'
import { OutcomeMark } from './outcome.js'
import { tierText } from './tiers.js'
import { Waterfall } from './waterfall.js'

const crumb = (
  <>
    <Link to="/compute">Compute</Link> / <Link to="/requests">Your requests</Link>
  </>
)

/** One request: where its time went, who did it, what it cost. */
export function RequestPage() {
  const { id } = useParams({ from: '/requests/$id' })
  const item = useWorkItem(id)
  const compute = useLocalCompute()
  return (
    <Page
      title={
        item.data === undefined
          ? 'A request'
          : sentenceOf(item.data, minerName(item.data.miner, compute.data))
      }
      tab="Request"
      crumb={crumb}
    >
      <WithCompute>
        {() => (
          <Loaded query={item} what="The request could not be read" rows={8}>
            {(found) => <Request item={found} />}
          </Loaded>
        )}
      </WithCompute>
    </Page>
  )
}

function sentenceOf({ service, outcome, acceptedAt, endedAt }: WorkItem, miner: string): string {
  const time = spanText(endedAt - acceptedAt)
  return outcome === 'done'
    ? `${miner} did ${service} in ${time}`
    : `${service} came to nothing after ${time}`
}

function Request({ item }: { readonly item: WorkItem }) {
  const { charge, attempts } = item
  return (
    <>
      <Figures
        figures={[
          {
            label: 'Price',
            value:
              charge === null ? '–' : <Price micro={charge.enterpriseAmount} currency={charge.currency} />,
            ...(charge === null && { note: 'not charged' }),
          },
          { label: 'Took', value: spanText(item.endedAt - item.acceptedAt) },
          {
            label: 'Processor',
            value: spanText(item.cpuMs),
            note: `${bytesText(item.memoryBytes)} of memory`,
          },
          { label: 'Attempts', value: String(attempts), note: attemptsText(attempts) },
        ]}
      />
      <Section title="Where the time went">
        <Waterfall item={item} />
      </Section>
      {charge !== null && <ChargePart charge={charge} />}
      <Section title="What is known of it">
        <Facts
          facts={[
            ['Outcome', <OutcomeMark key="outcome" item={item} />],
            ['Ended', exactText(item.endedAt)],
            ['Service', `${item.service} ${item.version}`],
            [
              'Done by',
              <span key="miner">
                <MinerName miner={item.miner} />
                {item.miner !== '' && `, ${tierText(item.tier).toLowerCase()}`}
              </span>,
            ],
            ['Sent', bytesText(item.bytesIn)],
            ['Answered', bytesText(item.bytesOut)],
            ['Id', <FullValue key="id" value={item.id} what="the id of the request" />],
          ]}
        />
        <RawBox value={item} />
      </Section>
    </>
  )
}

function attemptsText(attempts: number): string {
  if (attempts <= 1) return 'the first miner did it'
  return `${attempts - 1} ${attempts === 2 ? 'miner' : 'miners'} failed before; you saw nothing of it`
}

function ChargePart({ charge }: { readonly charge: WorkCharge }) {
  const { id, currency, houseAmount, deal } = charge
  return (
    <Section
      title="Who gets the money"
      aside={
        <Link to="/billing/charges/$id" params={{ id }}>
          Charge and receipt
        </Link>
      }
    >
      <SplitBar
        currency={currency}
        shares={[
          { name: 'The miner', amount: BigInt(charge.contributorAmount) },
          { name: 'The developer', amount: BigInt(charge.developerAmount) },
          { name: 'The operator', amount: BigInt(charge.operatorAmount) },
        ]}
      />
      {houseAmount !== '0' && (
        <p className="is-quiet">
          The house pays <Price micro={houseAmount} currency={currency} /> of it by the deal “{deal}”.
        </p>
      )}
    </Section>
  )
}
