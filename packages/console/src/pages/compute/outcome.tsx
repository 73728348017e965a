import type { WorkItem } from '@banyan/region/api'
import { StateMark } from '../../parts/states.js'

const words = {
  cancelled: 'Cancelled',
  deadline: 'Out of time',
  failed: 'Failed',
} as const satisfies Record<Exclude<WorkItem['outcome'], 'done'>, string>

const firstFailure = 400

/** What came of a request. A service may answer that the request itself is wrong. */
export function OutcomeMark({ item: { outcome, status } }: { readonly item: WorkItem }) {
  if (outcome !== 'done')
    return <StateMark kind={outcome === 'cancelled' ? 'waiting' : 'failed'}>{words[outcome]}</StateMark>
  return status < firstFailure ? (
    <StateMark kind="done">Done</StateMark>
  ) : (
    <StateMark kind="waiting">Answered {status}</StateMark>
  )
}
