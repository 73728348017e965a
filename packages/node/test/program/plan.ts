import type { NetworkPlan } from '@banyan/node/program'

/** A small network for tests. */
export const plan: NetworkPlan = {
  chainId: 5,
  blockInterval: 100,
  heartbeat: 200,
  networkDelay: 500,
  epochBlocks: 100,
  quorumRule: 'byzantine',
  schedule: 'roundRobin',
  registryOwner: undefined,
  accounts: [],
}
