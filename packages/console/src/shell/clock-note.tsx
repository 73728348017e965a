import { useClockError } from '../data/clock.js'
import { spanText } from '../format/time.js'

/** Tells of a clock that is wrong, and what to do; nothing while it is right. */
export function ClockNote() {
  const ahead = useClockError()
  if (ahead === undefined) return null
  return (
    <div className="note is-waiting" role="status">
      <p className="note-title is-ochre">
        The clock of this device is {spanText(Math.abs(ahead))} {ahead > 0 ? 'ahead of' : 'behind'} the
        network.
      </p>
      <p>
        Times on these pages are wrong by as much. What helps: set the clock of this device; the next blocks
        show that it is right.
      </p>
    </div>
  )
}
