import type { WorkItem } from '@banyan/region/api'
import { spanText } from '../../format/time.js'

type Stretch = { readonly name: string; readonly what: string; readonly from: number; readonly to: number }

/** Where the time of a request went, in order; what never began is missing. */
export function stretchesOf({
  acceptedAt,
  startedAt,
  firstByteAt,
  endedAt,
}: Pick<WorkItem, 'acceptedAt' | 'startedAt' | 'firstByteAt' | 'endedAt'>): readonly Stretch[] {
  const started = startedAt >= acceptedAt ? startedAt : endedAt
  const answered = firstByteAt >= started ? firstByteAt : endedAt
  const all = [
    { name: 'Queue', what: 'waits for a free miner', from: acceptedAt, to: started },
    { name: 'Work', what: 'the miner works', from: started, to: answered },
    { name: 'Answer', what: 'the answer comes', from: answered, to: endedAt },
  ]
  return all.filter(({ from, to }, index) => index === 0 || to > from || from < endedAt)
}

const percent = (part: number, whole: number): string => `${whole === 0 ? 0 : (100 * part) / whole}%`

/** The stretches of a request one below the other, each where it lies in time. */
export function Waterfall({ item }: { readonly item: WorkItem }) {
  const whole = item.endedAt - item.acceptedAt
  return (
    <ol className="waterfall">
      {stretchesOf(item).map(({ name, what, from, to }) => (
        <li key={name} className={`is-${name.toLowerCase()}`}>
          <span>
            {name} <small className="is-quiet">{what}</small>
          </span>
          <span className="waterfall-track" aria-hidden="true">
            <i style={{ left: percent(from - item.acceptedAt, whole), width: percent(to - from, whole) }} />
          </span>
          <span className="waterfall-time">{spanText(to - from)}</span>
        </li>
      ))}
    </ol>
  )
}
