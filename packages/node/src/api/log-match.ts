import { equalBytes } from '@banyan/base'
import type { Log } from '@banyan/ledger'
import type { LogQuery } from './history.js'

/** Whether a log passes the addresses and topics of a query. */
export function logPasses({ addresses, topics }: Pick<LogQuery, 'addresses' | 'topics'>, log: Log): boolean {
  if (log.topics.length < topics.length) return false
  if (addresses.length > 0 && !addresses.some((address) => equalBytes(address, log.address))) return false
  return topics.every(
    (wanted, position) =>
      wanted.length === 0 || wanted.some((topic) => equalBytes(topic, log.topics[position]!)),
  )
}
