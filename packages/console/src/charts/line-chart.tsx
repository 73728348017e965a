import { scaleLinear } from 'd3-scale'
import { area, curveMonotoneX, line } from 'd3-shape'
import { useId } from 'react'
import type { Point } from './point.js'

type LineChartProps = {
  readonly title: string
  /** The newest value, in words. */
  readonly now: string
  /** What the values are, and over what time. */
  readonly note: string
  /** In order of x. */
  readonly points: readonly Point[]
  readonly xText: (x: number) => string
  readonly yText: (y: number) => string
  readonly xHead: string
  readonly yHead: string
}

const width = 480
const height = 150
const margin = { left: 44, right: 6, top: 8, bottom: 22 }
const wantedTicks = 3
/** Rows of the table: enough to read, few enough to hear. */
const tableRows = 30

/** A line over time as a picture, and the same values as a table. */
export function LineChart(props: LineChartProps) {
  const { title, now, note, points } = props
  const id = useId()
  return (
    <figure className="chart" aria-labelledby={id}>
      <figcaption>
        <span id={id}>{title}</span>
        <strong>{now}</strong>
      </figcaption>
      {points.length < 2 ? <p className="chart-wait is-quiet">Gathering values…</p> : <Lines {...props} />}
      <details>
        <summary>{note}: the values</summary>
        <ValueTable {...props} />
      </details>
    </figure>
  )
}

function Lines({ points, xText, yText }: LineChartProps) {
  const first = points[0]!.x
  const last = points.at(-1)!.x
  const most = Math.max(...points.map(({ y }) => y))
  const x = scaleLinear([first, last], [margin.left, width - margin.right])
  const y = scaleLinear([0, most === 0 ? 1 : most], [height - margin.bottom, margin.top]).nice(wantedTicks)
  const shape = { x: (point: Point) => x(point.x), y: (point: Point) => y(point.y) }
  const stroke = line<Point>(shape.x, shape.y).curve(curveMonotoneX)(points) ?? ''
  const fill = area<Point>(shape.x, y(0), shape.y).curve(curveMonotoneX)(points) ?? ''
  return (
    <svg viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {y.ticks(wantedTicks).map((tick) => (
        <g key={tick}>
          <line className="grid" x1={margin.left} x2={width - margin.right} y1={y(tick)} y2={y(tick)} />
          <text className="axis" x={margin.left - 8} y={y(tick)} dy="0.32em" textAnchor="end">
            {yText(tick)}
          </text>
        </g>
      ))}
      <path className="area" d={fill} />
      <path className="line" d={stroke} />
      <text className="axis" x={margin.left} y={height - 4}>
        {xText(first)}
      </text>
      <text className="axis" x={width - margin.right} y={height - 4} textAnchor="end">
        {xText(last)}
      </text>
    </svg>
  )
}

function ValueTable({ title, points, xText, yText, xHead, yHead }: LineChartProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className="chart-table" tabIndex={0} aria-label={`${title}, values`}>
      <table className="values">
        <thead>
          <tr>
            <th scope="col">{xHead}</th>
            <th scope="col">{yHead}</th>
          </tr>
        </thead>
        <tbody>
          {points
            .slice(-tableRows)
            .toReversed()
            .map((point) => (
              <tr key={point.x}>
                <td>{xText(point.x)}</td>
                <td>{yText(point.y)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </section>
  )
}
