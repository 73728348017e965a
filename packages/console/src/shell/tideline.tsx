import { useNavigate } from '@tanstack/react-router'
import { type KeyboardEvent, useEffect, useState } from 'react'
import { agoText } from '../format/time.js'
import { useNow } from '../parts/ago.js'
import { barWidth, layTide, stripHeight, type TideBar, type TideBlock, tideSummary } from './tide-layout.js'

function describe({ block, late }: TideBar, now: number): string {
  const count = block.transactions
  const parts = [
    `Block ${block.height}`,
    count === 0 ? 'no transactions' : count === 1 ? '1 transaction' : `${count} transactions`,
    agoText(block.time, now),
  ]
  if (late) parts.push('late')
  if (block.missed > 0) parts.push(`after ${block.missed} missed ${block.missed === 1 ? 'turn' : 'turns'}`)
  return parts.join(', ')
}

/** Width of an element, followed through changes. */
function useWidth(): readonly [(element: HTMLElement | null) => void, number] {
  const [element, setElement] = useState<HTMLElement | null>(null)
  const [width, setWidth] = useState(0)
  useEffect(() => {
    if (element === null) return
    const observer = new ResizeObserver(() => setWidth(element.clientWidth))
    observer.observe(element)
    return () => observer.disconnect()
  }, [element])
  return [setElement, width]
}

/**
 * The strip of recent blocks over every page: a bar for each, whose height tells its transactions, whose gap tells the time before
 * it. It is a slider for those who hear it, and the way to a block for all.
 */
export function Tideline({ blocks }: { readonly blocks: readonly TideBlock[] }) {
  const navigate = useNavigate()
  const now = useNow()
  const [setElement, width] = useWidth()
  const [picked, setPicked] = useState<number>()
  const bars = layTide(blocks, width)
  const bar = bars.find(({ block }) => block.height === picked)
  const oldest = bars.at(-1)?.block.height ?? 0
  const newest = bars[0]?.block.height ?? 0

  const open = () => {
    if (bar === undefined) return
    void navigate({ to: '/explorer/block/$block', params: { block: String(bar.block.height) } })
  }
  const move = (event: KeyboardEvent) => {
    const from = picked ?? newest
    const target: Record<string, number> = {
      ArrowLeft: from - 1,
      ArrowDown: from - 1,
      ArrowRight: from + 1,
      ArrowUp: from + 1,
      Home: oldest,
      End: newest,
    }
    if (event.key === 'Enter') return open()
    const next = target[event.key]
    if (next === undefined || bars.length === 0) return
    event.preventDefault()
    setPicked(Math.min(newest, Math.max(oldest, next)))
  }
  const point = (x: number, left: number) => {
    const fromRight = width - (x - left)
    const nearest = bars.reduce<TideBar | undefined>((best, each) => {
      const distance = ({ right }: TideBar) => Math.abs(right + barWidth / 2 - fromRight)
      return best === undefined || distance(each) < distance(best) ? each : best
    }, undefined)
    setPicked(nearest?.block.height)
  }

  return (
    <div
      ref={setElement}
      className="tideline"
      role="slider"
      tabIndex={0}
      aria-label={tideSummary(blocks)}
      aria-valuemin={oldest}
      aria-valuemax={newest}
      aria-valuenow={picked ?? newest}
      aria-valuetext={bar === undefined ? undefined : describe(bar, now)}
      onKeyDown={move}
      onFocus={() => setPicked((current) => current ?? bars[0]?.block.height)}
      onBlur={() => setPicked(undefined)}
      onPointerMove={(event) => point(event.clientX, event.currentTarget.getBoundingClientRect().left)}
      onPointerLeave={() => setPicked(undefined)}
      onClick={open}
    >
      <svg width={width} height={stripHeight} aria-hidden="true">
        {bars.map((each) => (
          <Bar key={each.block.height} bar={each} width={width} picked={each === bar} />
        ))}
      </svg>
      {bar !== undefined && (
        <span className="tide-note" style={{ right: Math.max(8, Math.min(width - 240, bar.right - 60)) }}>
          {describe(bar, now)}
        </span>
      )}
    </div>
  )
}

type BarProps = { readonly bar: TideBar; readonly width: number; readonly picked: boolean }

function Bar({ bar: { block, right, height, late }, width, picked }: BarProps) {
  const x = width - right - barWidth
  const kind = ['tide-bar', late && 'is-late', picked && 'is-picked', block.transactions === 0 && 'is-empty']
  return (
    <>
      <rect
        className={kind.filter(Boolean).join(' ')}
        x={x}
        y={stripHeight - 2 - height}
        width={barWidth}
        height={height}
      />
      {block.missed > 0 && <rect className="tide-notch" x={x - 4} y={3} width={2} height={7} />}
    </>
  )
}
