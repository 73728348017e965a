import { type Hex, toHex } from '@banyan/base'
import type { MinerReport } from '@banyan/miner'
import type { Person } from '../people.js'
import { type Compute, type ComputeState, whyNot } from './compute.js'
import type { Made } from './made.js'
import { minerStatus, type WorkloadIsolation } from './miner-status.js'
import { type Sample, sampleOf } from './sample.js'

/** Somebody who has a part in computing. */
export type ComputeParty = {
  readonly name: string
  readonly wallet: Hex
  /** At central; nothing before it was made. */
  readonly account: string | null
}

export type ComputeMiner = ComputeParty & {
  /** What it tells of itself (docs/miner.md), if it answers. */
  readonly status: MinerReport | null
}

/** What `/local/compute` answers. */
export type ComputeStatus = {
  readonly ready: boolean
  readonly state: ComputeState['kind']
  /** Why it is not ready, as a sentence goes on; nothing if it is. */
  readonly reason: string | null
  readonly region: string
  readonly services: readonly string[]
  /** How workloads are kept apart from this machine; nothing before a miner runs. */
  readonly isolation: WorkloadIsolation | null
  /** Where miners of this machine may join. */
  readonly join: string | null
  readonly enterprise: ComputeParty
  readonly operator: ComputeParty
  readonly developer: ComputeParty
  readonly miners: readonly ComputeMiner[]
  readonly sample: Sample
}

const company = 'Mira’s bakery'

export async function describeCompute(compute: Compute, origin: string): Promise<ComputeStatus> {
  const { people, parts } = compute
  const state = compute.state()
  const made = state.kind === 'ready' ? state.made : undefined
  const party = ({ name, address }: Person, account: string | undefined): ComputeParty => ({
    name,
    wallet: toHex(address),
    account: account ?? null,
  })
  const miners = people.contributors.map(async (person, index) => {
    const part = parts?.miners[index]
    const status = part === undefined ? undefined : await minerStatus(part)
    return { ...party(person, made?.miners[index]?.account), status: status ?? null }
  })
  return {
    ready: made !== undefined,
    state: state.kind,
    reason: state.kind === 'ready' ? null : whyNot(state),
    region: 'local',
    services: made === undefined ? [] : [serviceOf(made)],
    isolation: state.kind === 'ready' ? state.isolation : null,
    join: parts === undefined ? null : `http://127.0.0.1:${parts.ports.miners}`,
    enterprise: { ...party(people.enterprise, made?.enterprise.account), name: company },
    operator: party(people.operator, made?.operator.account),
    developer: party(people.developer, made?.developer.account),
    miners: await Promise.all(miners),
    sample: sampleOf(origin),
  }
}

function serviceOf({ dservice }: Made): string {
  return dservice.slice(0, dservice.indexOf('@'))
}
