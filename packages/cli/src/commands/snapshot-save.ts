import { resolve } from 'node:path'
import { saveSnapshot } from '@banyan/local/state'
import type { Context } from '../command-spec.js'

export async function run({ arguments: { name = '' }, settings, output }: Context): Promise<undefined> {
  const snapshot = await saveSnapshot(resolve(settings.folder), name)
  output.result(snapshot, [
    `Chain ${snapshot.chainId} is kept as "${name}". Back to it: banyan snapshot load ${name}`,
  ])
}
