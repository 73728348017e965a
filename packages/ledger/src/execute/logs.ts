import { concatBytes, type Hash } from '@banyan/base'
import { type CryptoProvider, listRoot, logRoot } from '@banyan/crypto'
import { type Log, maxLogs } from '../host/context.js'

const logsDepth = Math.log2(maxLogs)

/** Root of the logs of one transaction. docs/formats.md "Receipts". */
export function logsRoot(provider: CryptoProvider, logs: readonly Log[]): Hash {
  return listRoot(provider, concatBytes(...logs.map((log) => logRoot(provider, log))), logsDepth)
}
