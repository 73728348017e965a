import type { LocalStatus } from '@banyan/local/state'

type Isolation = NonNullable<LocalStatus['compute']['isolation']>

/** How workloads are kept apart from this machine, plainly where they are not. */
export function isolationText({ driver, level }: Isolation): string {
  return level === 'none'
    ? 'WITHOUT isolation: neither podman nor bubblewrap works here'
    : `each DService in a ${level} of ${driver}`
}
