import { asHash, type Hash } from '@banyan/base'
import { ByteListType, ByteVectorType, ContainerType, ListCompositeType } from '@chainsafe/ssz'
import { type Log, maxLogData, maxLogs } from '../host/context.js'

const LogContainer = new ContainerType({
  address: new ByteVectorType(20),
  topics: new ListCompositeType(new ByteVectorType(32), 4),
  data: new ByteListType(maxLogData),
})
const LogList = new ListCompositeType(LogContainer, maxLogs)

/** Root of the logs of one transaction. docs/formats.md "Receipts". */
export function logsRoot(logs: readonly Log[]): Hash {
  return asHash(
    LogList.hashTreeRoot(logs.map(({ address, topics, data }) => ({ address, topics: [...topics], data }))),
  )
}
