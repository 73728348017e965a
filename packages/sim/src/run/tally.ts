import { type CampaignName, runCampaign } from '../campaign/campaigns.js'

/** A scenario that failed. */
export type Failure = { readonly seed: number; readonly problems: readonly string[] }

/** What came of several scenarios of one campaign. */
export type Tally = {
  readonly scenarios: number
  readonly views: number
  readonly forks: number
  /** Virtual time. */
  readonly milliseconds: number
  readonly failures: readonly Failure[]
}

export const emptyTally: Tally = { scenarios: 0, views: 0, forks: 0, milliseconds: 0, failures: [] }

export function addTallies(a: Tally, b: Tally): Tally {
  return {
    scenarios: a.scenarios + b.scenarios,
    views: a.views + b.views,
    forks: a.forks + b.forks,
    milliseconds: a.milliseconds + b.milliseconds,
    failures: [...a.failures, ...b.failures],
  }
}

/** Runs the seeds from `first`, `count` of them, with a committee of `nodes` if that is given. */
export async function runSeeds(
  campaign: CampaignName,
  first: number,
  count: number,
  nodes?: number,
): Promise<Tally> {
  const failures: Failure[] = []
  let views = 0
  let forks = 0
  let milliseconds = 0
  for (let seed = first; seed < first + count; seed++) {
    const outcome = await runCampaign(campaign, seed, { nodes })
    views += outcome.views
    milliseconds += outcome.milliseconds
    if (outcome.forked) forks++
    if (outcome.failures.length > 0) failures.push({ seed, problems: outcome.failures })
  }
  return { scenarios: count, views, forks, milliseconds, failures }
}
