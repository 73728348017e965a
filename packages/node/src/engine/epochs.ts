import { asChainId, equalBytes, type Hash, toHex } from '@banyan/base'
import {
  type Certificate,
  type Committee,
  createCommittee,
  createCore,
  type SignerMemory,
  schemeOf,
  type VotingScheme,
} from '@banyan/consensus'
import { decodeFinality, type EpochRecord, finalityHolds } from '@banyan/light'
import { addressKey } from './header-rules.js'
import { firstCommittee, scheduleOf } from './network-genesis.js'
import type { EngineOptions, EngineState, Epoch, SignerKeys } from './state.js'

/** What the state of epochs follows from. */
type EpochSource = Pick<EngineState, 'records' | 'chain'> & { readonly options: EngineOptions }

/** Committee of an epoch; `undefined` where the epoch before the one before is not known. */
export function committeeOf({ records, chain, options }: EpochSource, epoch: number): Committee | undefined {
  const { provider } = chain
  if (epoch < 2) return firstCommittee(provider, options.rules, epoch)
  const record = records[epoch - 2]
  if (record === undefined) return undefined
  return createCommittee(provider, epoch, options.rules.quorumRule, record.elected)
}

export function votingScheme({ chain }: EpochSource, committee: Committee): VotingScheme {
  const { provider, genesis, genesisId } = chain
  return schemeOf(provider, { chainId: asChainId(genesis.chainId), genesisId }, committee)
}

/** The number of the epoch that the block after one of this height belongs to. */
export function epochAfter({ rules }: EngineOptions, height: number): number {
  return Math.floor(height / rules.epochBlocks)
}

/**
 * Prepares an epoch: the ones before it must be known. Nothing is signed without `memory`; `certificates` are those kept
 * from before.
 */
export function openEpoch(
  source: EpochSource,
  number: number,
  memory: SignerMemory | undefined,
  certificates: readonly Certificate[],
): Epoch {
  const { records, chain, options } = source
  const { rules, signer } = options
  const committee = committeeOf(source, number)!
  const scheme = votingScheme(source, committee)
  const start = number === 0 ? chain.genesisId : records[number - 1]!.id
  const startHeight = number * rules.epochBlocks
  const indexOfKey = new Map(committee.validators.map(({ ed25519Key }, i) => [toHex(ed25519Key), i]))
  const own = signer && indexOfKey.get(toHex(signer.ed25519Key))
  const seed = number < 2 ? chain.genesisId : records[number - 2]!.id
  const core =
    own === undefined || signer === undefined
      ? undefined
      : createCore({
          committee,
          scheme,
          leaderOf: scheduleOf(chain.provider, rules, committee, seed),
          start: { id: start, height: startHeight },
          timing: rules.timing,
          signer: memory && {
            index: own,
            sign: signing(signer, scheme),
            memory: { ...memory, floor: Math.max(memory.floor, finalizedView(certificates)) },
          },
          certificates,
        })
  return {
    number,
    committee,
    scheme,
    indexOfKey,
    indexOfAddress: new Map(committee.validators.map(({ address }, i) => [addressKey(address), i])),
    start,
    startHeight,
    endHeight: startHeight + rules.epochBlocks,
    core,
    voting: memory !== undefined && core !== undefined,
  }
}

function signing(signer: SignerKeys, { name }: VotingScheme): (message: Hash) => Uint8Array {
  return name === 'bls' ? signer.signBls : signer.signEd25519
}

/** Nothing is signed up to the newest finalized view. */
function finalizedView(certificates: readonly Certificate[]): number {
  return Math.max(0, ...certificates.map(({ vote }) => (vote.kind === 'finalize' ? vote.view : 0)))
}

/** Whether a record shows what it says, given those of the epochs before. */
export function recordHolds(source: EpochSource, record: EpochRecord): boolean {
  const { epoch, header, id, elected } = record
  const { rules } = source.options
  if (epoch !== source.records.length || header.height !== (epoch + 1) * rules.epochBlocks) return false
  const proof = decodeFinality(record.proof)
  const committee = committeeOf(source, proof.epoch)
  if (committee === undefined || elected.length === 0) return false
  const next = createCommittee(source.chain.provider, epoch + 2, rules.quorumRule, elected)
  if (!equalBytes(header.nextCommitteeHash, next.hash)) return false
  return finalityHolds(id, proof, committee, votingScheme(source, committee))
}
