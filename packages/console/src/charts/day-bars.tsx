import { scaleLinear } from 'd3-scale'
import { useId } from 'react'

export type DayValue = { readonly day: string; readonly value: number; readonly text: string }

type DayBarsProps = {
  readonly title: string
  /** Sum of the days, in words. */
  readonly now: string
  readonly note: string
  /** In order; days without a value may be missing. */
  readonly days: readonly DayValue[]
  /** How many days the chart spans, the last of them today. */
  readonly span: number
  /** Newest day, such as 2026-11-22. */
  readonly last: string
  readonly head: string
  readonly axisText: (value: number) => string
}

const width = 480
const height = 150
const margin = { left: 64, right: 6, top: 8, bottom: 22 }
const wantedTicks = 3
const dayMs = 86_400_000

const dayFormat = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' })
const dayText = (day: string): string => dayFormat.format(Date.parse(day))

/** The days up to the last one, each with its value or none. */
export function fillDays(days: readonly DayValue[], last: string, span: number): readonly DayValue[] {
  const known = new Map(days.map((each) => [each.day, each]))
  return Array.from({ length: span }, (_, index) => {
    const day = new Date(Date.parse(last) - (span - 1 - index) * dayMs).toISOString().slice(0, 10)
    return known.get(day) ?? { day, value: 0, text: '' }
  })
}

/** A bar for each day as a picture, and the same values as a table. */
export function DayBars(props: DayBarsProps) {
  const { title, now, note, days, span, last, head } = props
  const id = useId()
  return (
    <figure className="chart" aria-labelledby={id}>
      <figcaption>
        <span id={id}>{title}</span>
        <strong>{now}</strong>
      </figcaption>
      {days.length === 0 ? (
        <p className="chart-wait is-quiet">Nothing yet.</p>
      ) : (
        <Bars {...props} days={fillDays(days, last, span)} />
      )}
      <details>
        <summary>{note}: the values</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
        <section className="chart-table" tabIndex={0} aria-label={`${title}, values`}>
          <table className="values">
            <thead>
              <tr>
                <th scope="col">Day</th>
                <th scope="col">{head}</th>
              </tr>
            </thead>
            <tbody>
              {days.toReversed().map(({ day, text }) => (
                <tr key={day}>
                  <td>{dayText(day)}</td>
                  <td>{text}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </details>
    </figure>
  )
}

function Bars({ days, axisText }: DayBarsProps) {
  const most = Math.max(...days.map(({ value }) => value))
  const y = scaleLinear([0, most === 0 ? 1 : most], [height - margin.bottom, margin.top]).nice(wantedTicks)
  const step = (width - margin.left - margin.right) / days.length
  const foot = y(0)
  return (
    <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {most > 0 &&
        y.ticks(wantedTicks).map((tick) => (
          <g key={tick}>
            <line className="grid" x1={margin.left} x2={width - margin.right} y1={y(tick)} y2={y(tick)} />
            <text className="axis" x={margin.left - 8} y={y(tick)} dy="0.32em" textAnchor="end">
              {axisText(tick)}
            </text>
          </g>
        ))}
      <line className="grid" x1={margin.left} x2={width - margin.right} y1={foot} y2={foot} />
      {days.map(({ day, value, text }, index) => (
        <rect
          key={day}
          className="day-bar"
          x={margin.left + index * step + step * 0.14}
          width={step * 0.72}
          y={value === 0 ? foot : Math.min(y(value), foot - 2)}
          height={value === 0 ? 0 : Math.max(2, foot - y(value))}
        >
          {text !== '' && <title>{`${dayText(day)}: ${text}`}</title>}
        </rect>
      ))}
      <text className="axis" x={margin.left} y={height - 4}>
        {dayText(days[0]!.day)}
      </text>
      <text className="axis" x={width - margin.right} y={height - 4} textAnchor="end">
        {dayText(days.at(-1)!.day)}
      </text>
    </svg>
  )
}
