import { type Address, asHash, concatBytes, fail, type Hash, toHex, uintToLe } from '@banyan/base'
import { type CryptoProvider, chunkify, containerRoot, hashPair, listRoot } from '@banyan/crypto'

/** Most members of a committee: 2 to this power. */
const memberDepth = 10
export const maxMembers = 2 ** memberDepth

/** A member of a committee. It is named by its index there wherever votes are concerned. */
export type Validator = {
  /** Gets the fees of the blocks it proposes. */
  readonly address: Address
  /** Public keys for votes: ed25519 (32 bytes), and BLS12-381 G1 compressed (48 bytes, possession proven). */
  readonly ed25519Key: Uint8Array
  readonly blsKey: Uint8Array
  /** A positive safe integer; the weights of a committee sum up to at most 2^53 - 1. */
  readonly weight: number
}

/**
 * How much of the weight W a certificate needs. `byzantine`: floor(2W/3) + 1, safe while less than a third lies.
 * `crash`: floor(W/2) + 1, for networks of one operator: safe only while nobody lies.
 */
export type QuorumRule = 'byzantine' | 'crash'

/** Who votes in one epoch. */
export type Committee = {
  readonly epoch: number
  readonly rule: QuorumRule
  readonly validators: readonly Validator[]
  /** Weight that a certificate needs, by the rule. */
  readonly quorum: number
  readonly hash: Hash
}

/** Weight that a certificate needs of a total, without rounding for any safe integer. */
export function quorumOf(rule: QuorumRule, total: number): number {
  if (rule === 'crash') return (total - (total % 2)) / 2 + 1
  // floor(2W/3) = W - ceil(W/3), where twice the total might not be exact.
  return total - Math.ceil(total / 3) + 1
}

function checkValidators(validators: readonly Validator[]): number {
  const count = validators.length
  if (count === 0 || count > maxMembers) fail('CommitteeInvalid', { reason: `it has ${count} members` })
  const names = new Set<string>()
  let total = 0
  for (const [i, { address, ed25519Key, blsKey, weight }] of validators.entries()) {
    if (!Number.isSafeInteger(weight) || weight < 1)
      fail('CommitteeInvalid', { reason: `member ${i} has no weight` })
    if (address.length !== 20 || ed25519Key.length !== 32 || blsKey.length !== 48) {
      fail('CommitteeInvalid', { reason: `address or keys of member ${i} have a wrong length` })
    }
    for (const name of [address, ed25519Key, blsKey]) names.add(toHex(name))
    total += weight
  }
  if (names.size !== 3 * count) fail('CommitteeInvalid', { reason: 'members share an address or a key' })
  if (!Number.isSafeInteger(total)) fail('CommitteeInvalid', { reason: 'the weights sum up to 2^53 or more' })
  return total
}

function validatorRoot(provider: CryptoProvider, { address, ed25519Key, blsKey, weight }: Validator): Hash {
  const blsRoot = containerRoot(provider, chunkify(blsKey))
  const chunks = concatBytes(chunkify(address), ed25519Key, blsRoot, uintToLe(BigInt(weight), 32))
  return containerRoot(provider, chunks)
}

/** Hash of docs/formats.md, "Committees": of the quorum rule and of the members in their order, not of the epoch. */
function committeeHash(provider: CryptoProvider, rule: QuorumRule, validators: readonly Validator[]): Hash {
  const roots = concatBytes(...validators.map((validator) => validatorRoot(provider, validator)))
  const ruleChunk = new Uint8Array(32)
  ruleChunk[0] = rule === 'byzantine' ? 0 : 1
  return asHash(hashPair(provider, ruleChunk, listRoot(provider, roots, memberDepth)))
}

/** The committee of these members. Throws `CommitteeInvalid`. Whether BLS keys are possessed must be known before. */
export function createCommittee(
  provider: CryptoProvider,
  epoch: number,
  rule: QuorumRule,
  validators: readonly Validator[],
): Committee {
  const quorum = quorumOf(rule, checkValidators(validators))
  return { epoch, rule, validators, quorum, hash: committeeHash(provider, rule, validators) }
}
