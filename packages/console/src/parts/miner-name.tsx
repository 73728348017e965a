import type { ComputeStatus } from '@banyan/local/api'
import { useLocalCompute } from '../data/compute/queries.js'

/** A machine as people know it: by whose it is, or by its account. */
export function minerName(miner: string, compute: ComputeStatus | undefined): string {
  if (miner === '') return 'nobody'
  const owner = compute?.miners.find(({ account }) => account === miner)
  return owner === undefined ? miner : `${owner.name}’s machine`
}

export function MinerName({ miner }: { readonly miner: string }) {
  return <span title={miner}>{minerName(miner, useLocalCompute().data)}</span>
}
