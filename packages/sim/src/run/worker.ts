import { parentPort } from 'node:worker_threads'
import type { CampaignName } from '../campaign/campaigns.js'
import { runSeeds } from './tally.js'

/** One piece of work: seeds of a campaign. The answer is their tally. */
export type Chunk = {
  readonly campaign: CampaignName
  readonly first: number
  readonly count: number
  readonly nodes: number | undefined
}

parentPort?.on('message', ({ campaign, first, count, nodes }: Chunk) => {
  void runSeeds(campaign, first, count, nodes).then((tally) => parentPort?.postMessage(tally))
})
