import { access, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fail, fromHex } from '@banyan/base'
import { z } from 'zod'
import { diskError, readJsonIfAny } from './json-file.js'
import { type Layout, layoutOf, validatorFolder } from './layout.js'

/** A network as its folder tells it. */
export type StoredNetwork = {
  readonly layout: Layout
  readonly chainId: number
  readonly validators: number
  readonly peerIds: readonly string[]
  /** Secret: all development keys are derived from it. */
  readonly seed: Uint8Array
  /** Whether it was made just now. */
  readonly isNew: boolean
}

const seedForm = z.strictObject({ version: z.literal(1), seed: z.string() })
const genesisForm = z.object({
  chainId: z.string(),
  validators: z.array(z.object({ peerId: z.string() })).min(1),
})

/** Makes the folder itself. It tells git to look away. Errors: DiskFull, DiskFailed. */
export async function makeRoot(root: string): Promise<Layout> {
  const layout = layoutOf(root)
  try {
    for (const folder of [root, layout.logs]) await mkdir(folder, { recursive: true })
    await writeFile(join(root, '.gitignore'), '*\n')
  } catch (error) {
    throw diskError(error, 'open', root)
  }
  return layout
}

/**
 * Opens the network in a folder. If there is none it makes one with this many validators, after `onMake`. Errors: StateDamaged, DiskFull, DiskFailed.
 */
export async function openStored(
  layout: Layout,
  validators: number,
  onMake: () => void,
): Promise<StoredNetwork> {
  const isNew = !(await exists(layout.network))
  // Loaded where it is needed: it brings the whole node, which the supervisor otherwise is without.
  if (isNew) {
    onMake()
    await (await import('./make-stored.js')).makeStored(layout, validators)
  }
  return { ...(await read(layout)), isNew }
}

async function read(layout: Layout): Promise<Omit<StoredNetwork, 'isNew'>> {
  const damaged = (reason: string): never => fail('StateDamaged', { path: layout.network, reason })
  const genesis = await readJsonIfAny(join(layout.network, 'genesis.json'), genesisForm)
  if (genesis === undefined) return damaged('genesis.json is missing or not a genesis file')
  const seed = await readSeed(layout)
  for (let i = 0; i < genesis.validators.length; i++) {
    for (const file of ['keys.json', 'config.json', 'data']) {
      const path = join(validatorFolder(i), file)
      if (!(await exists(join(layout.network, path)))) damaged(`${path} is missing`)
    }
  }
  return {
    layout,
    chainId: Number(genesis.chainId),
    validators: genesis.validators.length,
    peerIds: genesis.validators.map(({ peerId }) => peerId),
    seed,
  }
}

/** The secret that all keys of a network's people are derived from. Error: StateDamaged. */
export async function readSeed(layout: Layout): Promise<Uint8Array> {
  const stored = await readJsonIfAny(layout.seed, seedForm)
  const seed = fromHex(stored?.seed ?? '')
  if (seed?.length === 32) return seed
  return fail('StateDamaged', { path: layout.network, reason: 'seed.json is missing or not a seed' })
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

/** The chain id of the network in a folder without opening it; nothing if there is none, or it is damaged. */
export async function chainIdOf(layout: Layout): Promise<number | undefined> {
  const genesis = await readJsonIfAny(join(layout.network, 'genesis.json'), genesisForm)
  return genesis === undefined ? undefined : Number(genesis.chainId)
}

/** Whether a network was made, damaged or not. */
export async function hasNetwork(layout: Layout): Promise<boolean> {
  return exists(layout.network)
}
