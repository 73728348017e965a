import { concatBytes, type Hash } from '@banyan/base'
import { type ListProof, verifyListElement } from './list-proof.js'
import { byteListRoot, chunkify, containerRoot, listRoot } from './merkle.js'
import type { CryptoProvider } from './provider.js'

/** The bytes of one Ethereum log. */
export type LogBytes = {
  /** 20 bytes. */
  readonly address: Uint8Array
  /** At most four, of 32 bytes each. */
  readonly topics: readonly Uint8Array[]
  /** At most 65,536 bytes. */
  readonly data: Uint8Array
}

/** Limits of the lists of a log and of a transaction's logs, as powers of two; of the data in chunks. */
const depths = { topics: 2, data: 11, logs: 10 } as const

function hasLogForm({ address, topics, data }: LogBytes): boolean {
  const topicsFit = topics.length <= 2 ** depths.topics && topics.every((topic) => topic.length === 32)
  return address.length === 20 && topicsFit && data.length <= 32 * 2 ** depths.data
}

/** `hash_tree_root` of a log whose lengths are within its limits. docs/formats.md "Receipts". */
export function logRoot(provider: CryptoProvider, log: LogBytes): Hash {
  const topics = listRoot(provider, concatBytes(...log.topics), depths.topics)
  const data = byteListRoot(provider, log.data, depths.data)
  return containerRoot(provider, concatBytes(chunkify(log.address), topics, data))
}

/** Whether the log is among those with this root, at the proof's index. At most 10 × 32 bytes. */
export function verifyLog(
  provider: CryptoProvider,
  logsRoot: Uint8Array,
  log: LogBytes,
  proof: ListProof,
): boolean {
  return hasLogForm(log) && verifyListElement(provider, logsRoot, logRoot(provider, log), depths.logs, proof)
}
