import { intervalPoints, ratePoints } from '../../charts/block-series.js'
import { LineChart } from '../../charts/line-chart.js'
import type { Point } from '../../charts/point.js'
import { useBlocks } from '../../data/chain.js'
import { useFinalityTimes } from '../../data/finality.js'
import { useLocalStatus } from '../../data/local.js'
import { bytesText, spanText } from '../../format/time.js'
import { Page, Section } from '../../parts/page.js'
import { OperationsLinks } from './operations-links.js'
import { PartList } from './part-list.js'
import { PartProblems } from './part-problems.js'
import { useValueHistory } from './value-history.js'

const shownBlocks = 240

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' })
const timeText = (at: number): string => clock.format(at)
const rateText = (rate: number): string => (rate < 10 ? rate.toFixed(1) : Math.round(rate).toString())

function newest(points: readonly Point[], text: (value: number) => string): string {
  const last = points.at(-1)
  return last === undefined ? '–' : text(last.y)
}

/** Values over time, newest last. */
type ChartOfTime = {
  readonly title: string
  /** What one value is. */
  readonly what: string
  readonly note: string
  readonly points: readonly Point[]
  readonly text: (value: number) => string
}

/** How the network does: charts of the last blocks, and the parts of a local network. */
export function OperationsPage() {
  const blocks = useBlocks(shownBlocks).data ?? []
  const status = useLocalStatus(true)
  const memory = useValueHistory(status.data?.memoryBytes ?? undefined, status.dataUpdatedAt)
  const parts = status.data?.parts ?? []
  const ready = parts.filter(({ state }) => state === 'ready').length
  const finality = useFinalityTimes()
  const charts: readonly ChartOfTime[] = [
    {
      title: 'Transactions per second',
      what: 'Transactions per second',
      note: 'Mean over ten seconds',
      points: ratePoints(blocks),
      text: rateText,
    },
    {
      title: 'Time until final',
      what: 'Time until final',
      note: 'From proposal to this page',
      points: finality,
      text: spanText,
    },
    {
      title: 'Time between blocks',
      what: 'Time since the block before',
      note: 'From block to block',
      points: intervalPoints(blocks),
      text: spanText,
    },
    ...(status.data === undefined
      ? []
      : [
          {
            title: 'Memory of all parts',
            what: 'Memory',
            note: 'Since this page was opened',
            points: memory,
            text: bytesText,
          },
        ]),
  ]
  return (
    <Page
      title={parts.length === 0 ? 'How the network does' : healthSentence(ready, parts.length)}
      tab="Network health"
      lead="Live, from the blocks as they become final. Each chart has its values as a table below it."
    >
      <OperationsLinks />
      <PartProblems parts={parts} />
      <div className="columns">
        {charts.map(({ title, what, note, points, text }) => (
          <LineChart
            key={title}
            title={title}
            now={newest(points, text)}
            note={note}
            points={points}
            xText={timeText}
            yText={text}
            xHead="Time"
            yHead={what}
          />
        ))}
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
