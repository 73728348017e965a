import { BanyanError, fail } from '@banyan/base'
import { openBubblewrap } from './drivers/bubblewrap.js'
import { openPlainProcess } from './drivers/plain-process.js'
import { openPodman } from './drivers/podman.js'
import type { Isolation, Probe } from './isolation.js'
import { findControlGroups } from './limits/control-group.js'

export type IsolationChoice = {
  /** One driver by name, or the best that works here. */
  readonly driver?: 'bubblewrap' | 'podman' | 'process'
  /** For development alone: takes a plain process where nothing else works. */
  readonly allowPlainProcess: boolean
}

const order = ['podman', 'bubblewrap', 'process'] as const

/**
 * Opens the best isolation that works here: podman, then bubblewrap, each after it has run something. A plain process is taken
 * only where it was allowed by name. What was looked at stands in `probes`. Errors: IsolationUnavailable, PlainProcessRefused.
 */
export async function chooseIsolation({ driver, allowPlainProcess }: IsolationChoice): Promise<Isolation> {
  const probes: Probe[] = []
  const found = await findControlGroups()
  probes.push(
    found.groups === undefined
      ? { what: 'control groups', isUsable: false, detail: found.reason }
      : { what: 'control groups', isUsable: true, detail: `version ${found.groups.version}` },
  )
  const open = {
    podman: () => openPodman(probes),
    bubblewrap: () => openBubblewrap(found.groups, probes),
    process: () => openPlainProcess(allowPlainProcess, probes),
  }
  for (const name of driver === undefined ? order : [driver]) {
    try {
      const isolation = await open[name]()
      return { ...isolation, probes: [...isolation.probes, { what: name, isUsable: true, detail: 'chosen' }] }
    } catch (error) {
      if (!(error instanceof BanyanError)) throw error
      if (driver === 'process') throw error
      probes.push({ what: name, isUsable: false, detail: error.message })
    }
  }
  const reason = probes.filter(({ isUsable }) => !isUsable).map(({ detail }) => detail)
  return fail('IsolationUnavailable', { reason: reason.join(' ') })
}
