import type { Hex } from '@banyan/base'
import type { Client } from '../client.js'
import type { Address, Hash } from '../hex.js'
import { ask, type Options } from '../http.js'

export type Status = {
  readonly chainId: number
  readonly genesisId: Hash
  /** Version of the node's program. */
  readonly version: string
  /** Newest final block. */
  readonly height: number
  readonly blockId: Hash
  /** Milliseconds since the Unix epoch. */
  readonly timestamp: number
  readonly peers: number
  /** The height that the node is catching up to. */
  readonly syncing: { readonly target: number } | null
  readonly ready: boolean
  /** Oldest block that the node keeps. */
  readonly oldest: number
}

/** The chain, its newest final block and the state of the node. Errors: those of `ask`. */
export async function getStatus(client: Client, options: Options = {}): Promise<Status> {
  const status = (await ask(client, '/v1/status', options)) as Record<'chainId' | 'timestamp', string>
  return {
    ...status,
    chainId: Number(status.chainId),
    timestamp: Number(status.timestamp),
  } as unknown as Status
}

export type Validators = {
  readonly epoch: number
  readonly validators: readonly {
    readonly address: Address
    readonly publicKey: Hex
    readonly weight: bigint
  }[]
}

/** Who decides the current epoch. */
export async function getValidators(client: Client, options: Options = {}): Promise<Validators> {
  const { epoch, validators } = (await ask(client, '/v1/validators', options)) as {
    readonly epoch: number
    readonly validators: readonly { address: Address; publicKey: Hex; weight: string }[]
  }
  return { epoch, validators: validators.map((one) => ({ ...one, weight: BigInt(one.weight) })) }
}

export type Fees = {
  /** The prices are those of the block after this one. */
  readonly height: number
  /** Base fees in pip per gas. */
  readonly compute: bigint
  readonly bytes: bigint
  readonly state: bigint
  /** Tip in pip per gas that gets a transaction in. */
  readonly tip: bigint
  /** Most gas of one transaction. */
  readonly gasLimit: number
}

/** What work costs in the next block. */
export async function getFees(client: Client, options: Options = {}): Promise<Fees> {
  const fees = (await ask(client, '/v1/fees', options)) as Record<
    'compute' | 'bytes' | 'state' | 'tip',
    string
  > &
    Pick<Fees, 'height' | 'gasLimit'>
  return {
    height: fees.height,
    compute: BigInt(fees.compute),
    bytes: BigInt(fees.bytes),
    state: BigInt(fees.state),
    tip: BigInt(fees.tip),
    gasLimit: fees.gasLimit,
  }
}
