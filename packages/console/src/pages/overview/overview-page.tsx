import { Link } from '@tanstack/react-router'
import { intervalPoints, meanOf, ratePoints } from '../../charts/block-series.js'
import { useBlocks, useLatestTransactions, useValidators } from '../../data/chain.js'
import { useClockError } from '../../data/clock.js'
import { useFinalityTimes } from '../../data/finality.js'
import { countText } from '../../format/amount.js'
import { Ago } from '../../parts/ago.js'
import { Figures } from '../../parts/figures.js'
import { Loaded } from '../../parts/loaded.js'
import { Page, Section } from '../../parts/page.js'
import { Empty } from '../../parts/states.js'
import { TransactionList } from '../explorer/transaction-list.js'
import { NextSteps } from './next-steps.js'

const shownTransactions = 8
const lookBack = 60
/** After this many ms without a block the network is called silent. */
const silentMs = 15_000

/** Where one arrives: how the network is, what to do next, what happened last. */
export function OverviewPage() {
  const blocks = useBlocks(lookBack)
  const validators = useValidators()
  const transactions = useLatestTransactions(shownTransactions)
  const finality = useFinalityTimes()
  const found = blocks.data ?? []
  const [newest] = found
  const rate = ratePoints(found).at(-1)?.y ?? 0
  const interval = meanOf(intervalPoints(found))
  const latency = meanOf(finality)
  const now = Date.now() - (useClockError() ?? 0)
  const committee = validators.data?.validators.length ?? 0
  const active = new Set(found.map(({ proposer }) => proposer)).size
  return (
    <Page
      tab="Overview"
      title={stateSentence(newest && now - newest.timestamp > silentMs, active, committee)}
      lead={
        newest === undefined ? (
          'Connecting to the network…'
        ) : (
          <>
            Block {countText(newest.height)} became final <Ago at={newest.timestamp} />.
            {now - newest.timestamp > silentMs && (
              <>
                {' '}
                <Link to="/operations">See how its parts do</Link>
              </>
            )}
          </>
        )
      }
    >
      <Figures
        figures={[
          { label: 'Newest final block', value: newest === undefined ? '–' : countText(newest.height) },
          { label: 'Transactions per second', value: rate.toFixed(rate < 10 ? 1 : 0) },
          { label: 'Time until final', ...secondsFigure(latency) },
          { label: 'Time between blocks', ...secondsFigure(interval) },
        ]}
      />
      <NextSteps />
      <Section title="Latest activity" aside={<Link to="/explorer">Open the explorer</Link>}>
        <Loaded query={transactions} what="The activity could not be read">
          {({ items }) =>
            items.length === 0 ? (
              <Empty>
                Nothing has happened yet. The first payment will stand here a second after it is sent.
              </Empty>
            ) : (
              <TransactionList transactions={items} />
            )
          }
        </Loaded>
      </Section>
    </Page>
  )
}

/** A mean time in ms as seconds, if it is known yet. */
function secondsFigure(mean: number): { readonly value: string; readonly unit?: string } {
  return mean === 0 ? { value: '–' } : { value: (mean / 1_000).toFixed(2), unit: 's' }
}

function stateSentence(isSilent: boolean | undefined, active: number, committee: number): string {
  if (isSilent === undefined) return 'Looking for the network'
  if (isSilent) return 'The network is silent: no block for a while.'
  if (committee === 0) return 'The network is running.'
  if (active >= committee) return `The network is running: all ${committee} validators take their turns.`
  return `The network is running: ${active} of ${committee} validators take their turns.`
}
