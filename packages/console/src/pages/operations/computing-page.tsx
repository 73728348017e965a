import type { RegionOperations } from '@banyan/region/api'
import { LineChart } from '../../charts/line-chart.js'
import type { Point } from '../../charts/point.js'
import { useRegionOperations } from '../../data/compute/queries.js'
import { countText } from '../../format/amount.js'
import { spanText } from '../../format/time.js'
import { Figures } from '../../parts/figures.js'
import { Loaded } from '../../parts/loaded.js'
import { Page, Section } from '../../parts/page.js'
import { Empty, StateMark } from '../../parts/states.js'
import { WithCompute } from '../../parts/with-compute.js'
import { periodText } from '../billing/period-text.js'
import { MinerList } from './miner-list.js'
import { OperationsLinks } from './operations-links.js'
import { TierList } from './tier-list.js'
import { useValueHistory } from './value-history.js'

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' })
const timeText = (at: number): string => clock.format(at)
const rateText = (rate: number): string => (Number.isInteger(rate) ? countText(rate) : rate.toFixed(1))

/** How computing does: queues, miners, work and charges, live. */
export function ComputingPage() {
  return (
    <Page
      title="How computing does"
      tab="Computing"
      lead="What waits, who works, how fast answers come, and which charges wait to be settled. Live, as the operator sees it."
    >
      <OperationsLinks />
      <WithCompute>{() => <Operations />}</WithCompute>
    </Page>
  )
}

function Operations() {
  const query = useRegionOperations()
  const { data, dataUpdatedAt } = query
  const rate = useValueHistory(data?.work.perMinute, dataUpdatedAt)
  const slowest = useValueHistory(data?.work.p99Ms ?? undefined, dataUpdatedAt)
  return (
    <Loaded query={query} what="The state of the region could not be read" rows={8}>
      {(found) => <Region found={found} rate={rate} slowest={slowest} />}
    </Loaded>
  )
}

type RegionProps = {
  readonly found: RegionOperations
  readonly rate: readonly Point[]
  readonly slowest: readonly Point[]
}

function Region({ found, rate, slowest }: RegionProps) {
  const { region, accepting, tiers, miners, work, charges, settlement } = found
  const sum = (key: 'queued' | 'capacity' | 'active') => tiers.reduce((total, tier) => total + tier[key], 0)
  return (
    <>
      <Section
        title={`Region ${region}`}
        aside={
          accepting ? (
            <StateMark kind="done">Takes work</StateMark>
          ) : (
            <StateMark kind="failed">Takes no work</StateMark>
          )
        }
      >
        <Figures
          figures={[
            { label: 'Waiting', value: countText(sum('queued')), note: 'requests in all queues' },
            {
              label: 'At work',
              value: countText(sum('active')),
              note: `of ${countText(sum('capacity'))} places`,
            },
            {
              label: 'Miners',
              value: countText(miners.length),
              note: `${countText(miners.filter(({ aside }) => aside !== null).length)} set aside`,
            },
            {
              label: 'Failed',
              value: countText(work.failed),
              note: 'requests of the last minute',
            },
            {
              label: 'Charges waiting',
              value: settlement === null ? '–' : countText(settlement.unsettledRows),
              note: settlementText(found),
            },
          ]}
        />
      </Section>
      <div className="columns">
        <LineChart
          title="Requests a minute"
          now={rateText(work.perMinute)}
          note="Since this page was opened"
          points={rate}
          xText={timeText}
          yText={rateText}
          xHead="Time"
          yHead="Requests a minute"
        />
        <LineChart
          title="Time to answer, slowest of a hundred"
          now={timesText(work)}
          note="Since this page was opened"
          points={slowest}
          xText={timeText}
          yText={spanText}
          xHead="Time"
          yHead="Slowest of a hundred"
        />
      </div>
      <Section title="Queues">
        <TierList tiers={tiers.filter(({ capacity, queued }) => capacity + queued > 0)} />
      </Section>
      <Section title="Miners">
        {miners.length === 0 ? (
          <Empty>No miner is connected. Work waits until one is; the page Lend tells how to join.</Empty>
        ) : (
          <MinerList miners={miners} />
        )}
      </Section>
      {charges !== null && charges.waiting > 0 && (
        <p className="is-quiet">
          {countText(charges.waiting)} of {countText(charges.rows)} charges are being written.
        </p>
      )}
    </>
  )
}

function settlementText({ settlement }: RegionOperations): string {
  if (settlement === null) return 'nothing is charged here'
  const { period, isOpen } = settlement
  if (period === null) return 'nothing was settled yet'
  return isOpen ? `${periodText(period)} is being settled` : `settled ${periodText(period)}`
}

function timesText({ p50Ms, p99Ms }: RegionOperations['work']): string {
  if (p50Ms === null || p99Ms === null) return 'Nothing done'
  return `${spanText(p99Ms)}; half within ${spanText(p50Ms)}`
}
