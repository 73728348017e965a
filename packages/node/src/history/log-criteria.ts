import { equalBytes, type Hash } from '@banyan/base'
import type { LogQuery } from '../api/history.js'
import { isAssetAddress, topicAccount, transferTopic } from './asset-logs.js'
import type { Reader } from './blocks.js'
import { addressTerm, type Term, termKind, topicTerm } from './terms.js'

/** A condition of a query: one of these terms. */
export type Criterion = {
  readonly terms: readonly Term[]
  /** One of them is noted once per block only, so it leads to blocks, not to transactions. */
  readonly isCommon: boolean
}

export function criteriaOf(
  { provider, seed }: Pick<Reader, 'provider' | 'seed'>,
  { addresses, topics }: LogQuery,
): readonly Criterion[] {
  const transfer = transferTopic(provider)
  const ofAddresses = {
    terms: addresses.map((address) => addressTerm(seed, termKind.logAddress, address)),
    isCommon: addresses.some(isAssetAddress),
  }
  const ofTopics = topics.map((wanted, position) => ({
    terms: wanted.flatMap((topic) => topicTerms(seed, position, topic)),
    isCommon: position === 0 && wanted.some((topic) => equalBytes(topic, transfer)),
  }))
  return [ofAddresses, ...ofTopics].filter(({ terms }) => terms.length > 0)
}

/** The owners of a `Transfer` are noted as accounts, so that their activity and their logs share the entries. */
function topicTerms(seed: Reader['seed'], position: number, topic: Hash): readonly Term[] {
  const term = topicTerm(seed, position, topic)
  const account = position === 1 || position === 2 ? topicAccount(topic) : undefined
  return account === undefined ? [term] : [term, addressTerm(seed, termKind.account, account)]
}
