import { intervalPoints, ratePoints } from '../../charts/block-series.js'
import { LineChart } from '../../charts/line-chart.js'
import type { Point } from '../../charts/point.js'
import { useBlocks } from '../../data/chain.js'
import { useFinalityTimes } from '../../data/finality.js'
import { useLocalStatus } from '../../data/local.js'
import { spanText } from '../../format/time.js'
import { Page, Section } from '../../parts/page.js'
import { useMemoryHistory } from './memory-history.js'
import { PartList } from './part-list.js'

const shownBlocks = 240

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' })
const timeText = (at: number): string => clock.format(at)
const megabytesText = (megabytes: number): string => `${Math.round(megabytes)} MB`
const rateText = (rate: number): string => (rate < 10 ? rate.toFixed(1) : Math.round(rate).toString())

function newest(points: readonly Point[], text: (value: number) => string): string {
  const last = points.at(-1)
  return last === undefined ? '–' : text(last.y)
}

/** How the network does: charts of the last blocks, and the parts of a local network. */
export function OperationsPage() {
  const blocks = useBlocks(shownBlocks).data ?? []
  const status = useLocalStatus(true)
  const memory = useMemoryHistory(status.data, status.dataUpdatedAt)
  const rate = ratePoints(blocks)
  const intervals = intervalPoints(blocks)
  const finality = useFinalityTimes()
  const parts = status.data?.parts ?? []
  const ready = parts.filter(({ state }) => state === 'ready').length
  const time = { xText: timeText, xHead: 'Time' }
  return (
    <Page
      title={parts.length === 0 ? 'How the network does' : healthSentence(ready, parts.length)}
      tab="Network health"
      lead="Live, from the blocks as they become final. Each chart has its values as a table below it."
    >
      <div className="columns">
        <LineChart
          {...time}
          title="Transactions per second"
          now={newest(rate, rateText)}
          note="Mean over ten seconds"
          points={rate}
          yText={rateText}
          yHead="Transactions per second"
        />
        <LineChart
          {...time}
          title="Time until final"
          now={newest(finality, spanText)}
          note="From proposal to this page"
          points={finality}
          yText={spanText}
          yHead="Time until final"
        />
        <LineChart
          {...time}
          title="Time between blocks"
          now={newest(intervals, spanText)}
          note="From block to block"
          points={intervals}
          yText={spanText}
          yHead="Time since the block before"
        />
        {status.data !== undefined && (
          <LineChart
            {...time}
            title="Memory of all parts"
            now={newest(memory, megabytesText)}
            note="Since this page was opened"
            points={memory}
            yText={megabytesText}
            yHead="Memory"
          />
        )}
      </div>
      {status.data !== undefined && (
        <Section
          title="Parts of this network"
          aside={<span className="is-quiet">All of them run on this machine</span>}
        >
          <PartList parts={parts} />
        </Section>
      )}
    </Page>
  )
}

function healthSentence(ready: number, all: number): string {
  return ready === all
    ? `All ${all} parts of the network are well.`
    : `${ready} of ${all} parts of the network are ready.`
}
