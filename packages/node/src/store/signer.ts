import { assert, concatBytes, type Hash } from '@banyan/base'
import {
  createSigner,
  type Loss,
  openSigner,
  restartSigner,
  type SignerFloor,
  type SignerMemory,
  type SignerRecord,
  type SignerStore,
} from '@banyan/consensus'
import type { CryptoProvider } from '@banyan/crypto'
import type { Disk } from '@banyan/storage'

export type NodeSignerOptions = {
  /** The signer's own folder. It belongs to the signer from the call on, which closes it, also when opening fails. */
  readonly disk: Disk
  readonly provider: CryptoProvider
  readonly genesisId: Hash
  readonly ed25519Key: Uint8Array
  /**
   * Whether the key is used on this chain for the first time, which only whoever made the key knows: then the memory is
   * made. A folder without a memory has lost it in every other case.
   */
  readonly isNew: boolean
}

/** The memory of what a validator's key has signed, in a folder of its own. */
export type NodeSigner = {
  /** What was signed in an epoch, `undefined` if nothing may be signed there; no function at all if memory is lost. */
  readonly memory: ((epoch: number) => SignerMemory | undefined) | undefined
  readonly loss: Loss | undefined
  /** Resolves when a record is durable. Errors: VoteRefused, DiskFull, DiskFailed. */
  readonly vote: (record: SignerRecord) => Promise<void>
  /** From now on nothing is signed at or below this place. */
  readonly forget: (floor: SignerFloor) => Promise<void>
  /** Begins a new memory in place of a lost one. */
  readonly restart: (floor: SignerFloor) => Promise<void>
  readonly close: () => Promise<void>
}

/** Opens or makes the memory of a key. Errors: SignerExists, DiskFull, DiskFailed. */
export async function openNodeSigner(options: NodeSignerOptions): Promise<NodeSigner> {
  try {
    return await open(options)
  } catch (error) {
    await options.disk.close()
    throw error
  }
}

async function open({
  disk,
  provider,
  genesisId,
  ed25519Key,
  isNew,
}: NodeSignerOptions): Promise<NodeSigner> {
  const identity = provider.sha256(concatBytes(genesisId, ed25519Key))
  let store: SignerStore | undefined
  let loss: Loss | undefined
  if (isNew) {
    store = await createSigner(disk, provider, identity)
  } else {
    const opened = await openSigner(disk, provider, identity)
    if (opened.kind === 'ready') store = opened.store
    else loss = opened.loss
  }
  const known = (): SignerStore => {
    assert(store !== undefined, 'a signer without memory does not vote')
    return store
  }
  return {
    memory: store?.memory,
    loss,
    vote: async (record) => known().persist(record),
    // While there is no memory there is nothing to forget.
    forget: async (floor) => store?.raiseFloor(floor),
    restart: async (floor) => {
      store = await restartSigner(disk, provider, identity, floor)
    },
    close: async () => {
      await store?.close()
      await disk.close()
    },
  }
}
