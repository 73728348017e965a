import { type Address, fromHex, type Hex } from '@banyan/base'
import type { LightChain, LightStart } from '@banyan/light'
import { clientError } from './errors.js'

/** What of a genesis file a light client needs: docs/node.md "Running a node". */
type GenesisFile = {
  readonly chainId: string
  readonly consensus: Pick<LightChain, 'epochBlocks' | 'quorumRule'>
  readonly validators: readonly (Readonly<Record<'address' | 'ed25519Key' | 'blsKey', string>> & {
    readonly weight: number
  })[]
}

/** Somebody's trust in the first validators of a chain. */
export type GenesisTrust = Pick<LightChain, 'epochBlocks' | 'quorumRule'> & {
  readonly chainId: number
  readonly genesisId: Hex
  readonly start: LightStart
}

/**
 * Trust in the validators that a genesis file names. `genesis` is the file as parsed JSON, from elsewhere than the node
 * that is asked; `genesisId` may come from that node, because every signature of the validators covers it.
 * Error: ArgumentInvalid.
 */
export function readTrust(genesis: unknown, genesisId: Hex): GenesisTrust {
  const { chainId, consensus, validators } = (genesis ?? {}) as Partial<GenesisFile>
  if (consensus === undefined || !Array.isArray(validators)) throw unlikeGenesis('it has no validators')
  const { epochBlocks, quorumRule } = consensus
  const start = { validators: (validators as GenesisFile['validators']).map(readValidator) }
  return { chainId: Number(chainId), genesisId, epochBlocks, quorumRule, start }
}

function readValidator({ address, ed25519Key, blsKey, weight }: GenesisFile['validators'][number]) {
  return {
    address: bytesOf(address, 'the address of a validator') as Address,
    ed25519Key: bytesOf(ed25519Key, 'the key of a validator'),
    blsKey: bytesOf(blsKey, 'the BLS key of a validator'),
    weight,
  }
}

function bytesOf(text: string, what: string): Uint8Array {
  const bytes = typeof text === 'string' ? fromHex(text) : undefined
  if (bytes === undefined) throw unlikeGenesis(`${what} is not hexadecimal`)
  return bytes
}

function unlikeGenesis(reason: string) {
  return clientError('ArgumentInvalid', { argument: 'genesis', reason: `it is no genesis file: ${reason}` })
}
