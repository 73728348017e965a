import { registryError } from '@banyan/base'
import type { Job } from '../core/index.js'

/** A job as its account sees it. */
export function viewOf({
  id,
  service,
  state,
  done,
  note,
  acceptedAt,
  endedAt,
  status,
  error,
  callFailure,
  isCalled,
}: Job) {
  return {
    id,
    service,
    state,
    done,
    note: note ?? null,
    acceptedAt: Math.floor(acceptedAt),
    endedAt: endedAt === undefined ? null : Math.floor(endedAt),
    status: status ?? null,
    error: error === undefined ? null : banyanErrorOf(error),
    webhook: isCalled ? 'called' : (callFailure ?? null),
    result: `/_banyan/jobs/${id}/result`,
    events: `/_banyan/jobs/${id}/events`,
  }
}

function banyanErrorOf(kind: NonNullable<Job['error']>): { readonly code: string; readonly name: string } {
  return { code: registryError(kind, {}).code, name: kind }
}
