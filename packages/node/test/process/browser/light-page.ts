import { asAddress, asAssetId, asChainId, asHash, BanyanError } from '@banyan/base'
import type { Validator } from '@banyan/consensus'
import { portable } from '@banyan/crypto'
import { createLightClient, type LightClient } from '@banyan/light'

/** A light client in a page: what it is called with and what it answers are plain values. */

export type Beginning = {
  readonly url: string
  readonly chainId: bigint
  readonly genesisId: Uint8Array
  readonly epochBlocks: number
  readonly validators: readonly Validator[]
}

let client: LightClient | undefined
let saved: Uint8Array | undefined

const running = (): LightClient => {
  if (client === undefined) throw new Error('begin comes first')
  return client
}

function open(
  { url, chainId, genesisId, epochBlocks, validators }: Beginning,
  checkpoint?: Uint8Array,
): void {
  client = createLightClient({
    urls: [url],
    chain: {
      chainId: asChainId(chainId),
      genesisId: asHash(genesisId),
      epochBlocks,
      quorumRule: 'byzantine',
    },
    start: checkpoint === undefined ? { validators } : { checkpoint },
    provider: portable,
    onCheckpoint: (bytes) => {
      saved = bytes
    },
  })
}

export function begin(beginning: Beginning): void {
  open(beginning)
}

/** Goes on with a new client from what the one before has saved. */
export function reopen(beginning: Beginning): void {
  open(beginning, saved)
}

export async function follow() {
  const { height } = await running().follow()
  const { core } = running()
  const members = core.validators(core.nextEpoch() + 1).length
  return { height, nextEpoch: core.nextEpoch(), members }
}

export const balance = (owner: Uint8Array, asset: number) =>
  running()
    .balance(asAddress(owner), asAssetId(asset))
    .then(({ value }) => value)

export const account = (address: Uint8Array) =>
  running()
    .account(asAddress(address))
    .then(({ value }) => value)

export const receipt = (id: Uint8Array) =>
  running()
    .receipt(asHash(id))
    .then(({ value, block }) => ({ ...value, height: block.height }))

/** Name of the registry error with which a question ends. */
export async function refusalOf(id: Uint8Array): Promise<string> {
  try {
    await running().receipt(asHash(id))
    return 'none'
  } catch (error) {
    return error instanceof BanyanError ? error.kind : String(error)
  }
}
