import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeKeys, makeNetwork, type NetworkPlan, publicParts } from '@banyan/node/program'

/** Who there is in a cluster. */
export type Layout = {
  readonly validators: number
  /** Nodes that only follow, numbered after the validators: for each the nodes that it dials. */
  readonly observers: readonly (readonly number[])[]
}

/** Where a node of a cluster lives. */
export type Place = {
  readonly folder: string
  readonly peerId: string
  /** Flags that name its files and its role. */
  readonly flags: readonly string[]
  /** The nodes that it dials. */
  readonly peers: readonly number[]
}

export const folderOf = (cluster: string, index: number): string => join(cluster, `node-${index}`)

/** Makes genesis, keys and folders: validators first, who dial each other, then observers. */
export async function layOut(
  cluster: string,
  plan: NetworkPlan,
  { validators, observers }: Layout,
): Promise<readonly Place[]> {
  await makeNetwork(cluster, validators, plan)
  const genesis = join(cluster, 'genesis.json')
  const { validators: members } = JSON.parse(await readFile(genesis, 'utf8')) as {
    validators: { peerId: string }[]
  }
  const places: Place[] = members.map(({ peerId }, index) => {
    const folder = folderOf(cluster, index)
    const peers = members.map((_, other) => other).filter((other) => other !== index)
    return { folder, peerId, flags: ['--config', join(folder, 'config.json')], peers }
  })
  for (const peers of observers) {
    const folder = folderOf(cluster, places.length)
    const keys = join(folder, 'keys.json')
    const { peerId } = await publicParts(await makeKeys(keys))
    const flags = ['--genesis', genesis, '--keys', keys, '--folder', join(folder, 'data'), '--role', 'full']
    places.push({ folder, peerId, flags, peers })
  }
  return places
}
