import { runAdversary, runOverBudget } from './adversary.js'
import { runNode } from './node.js'
import { runNodeByzantine } from './node-byzantine.js'
import { runNodeVersions } from './node-versions.js'
import type { Campaign, Outcome, ScenarioOptions } from './outcome.js'
import { runRandomFaults } from './random-faults.js'
import { runTwins } from './twins.js'
import { runEnumeratedTwins } from './twins-enumerated.js'

/** All campaigns by name. A scenario is named by campaign, seed and number of nodes. */
export const campaigns = {
  random: runRandomFaults,
  twins: runTwins,
  'twins-all': runEnumeratedTwins,
  adversary: runAdversary,
  control: runOverBudget,
  node: runNode,
  'node-byzantine': runNodeByzantine,
  'node-versions': runNodeVersions,
} as const satisfies Readonly<Record<string, Campaign>>

export type CampaignName = keyof typeof campaigns

export function isCampaign(name: string): name is CampaignName {
  return Object.hasOwn(campaigns, name)
}

/** Runs one scenario. An exception of the core, of a host or of a node is a failure like any other. */
export async function runCampaign(
  name: CampaignName,
  seed: number,
  options: ScenarioOptions = {},
): Promise<Outcome> {
  try {
    return await campaigns[name](seed, options)
  } catch (error) {
    const failures = [`crash: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`]
    return { failures, forked: false, hash: '', views: 0, milliseconds: 0, steps: 0 }
  }
}
