import type { RegionStatus } from '@banyan/central-link'

export type Statuses = {
  readonly note: (region: string, status: RegionStatus, now: number) => void
  /** Status of a region that is up: what it told a short while ago. */
  readonly current: (region: string, now: number) => RegionStatus | undefined
}

/** A region that has told nothing for this long counts as down. */
export const statusLifeMs = 30_000

/** What regions told about themselves; only of those that are connected, so there are never more than regions. */
export function createStatuses(): Statuses {
  const statuses = new Map<string, { readonly status: RegionStatus; readonly at: number }>()
  return {
    note: (region, status, now) => {
      statuses.set(region, { status, at: now })
    },
    current: (region, now) => {
      const found = statuses.get(region)
      return found !== undefined && now - found.at < statusLifeMs ? found.status : undefined
    },
  }
}
