import type { Hex } from '@banyan/base'
import type { IncludedTransaction, PlacedLog } from '../../history.js'
import { data, quantity } from '../quantities.js'

/** A log as Ethereum's JSON-RPC shows it. */
export type LogShape = {
  readonly address: Hex
  readonly topics: readonly Hex[]
  readonly data: Hex
  readonly blockNumber: Hex
  readonly blockHash: Hex
  readonly blockTimestamp?: Hex
  readonly transactionHash: Hex
  readonly transactionIndex: Hex
  readonly logIndex: Hex
  readonly removed: false
}

export function logShape(placed: PlacedLog): LogShape {
  const { log, height, blockId, timestamp, transactionId, transactionIndex, logIndex } = placed
  return {
    address: data(log.address),
    topics: log.topics.map(data),
    data: data(log.data),
    blockNumber: quantity(height),
    blockHash: data(blockId),
    blockTimestamp: quantity(timestamp / 1000n),
    transactionHash: data(transactionId),
    transactionIndex: quantity(transactionIndex),
    logIndex: quantity(logIndex),
    removed: false,
  }
}

/** The logs of one transaction. */
export function logShapes(included: IncludedTransaction): LogShape[] {
  const { height, blockId, index, receipt, logs, logsBefore } = included
  const place = {
    blockNumber: quantity(height),
    blockHash: data(blockId),
    transactionHash: data(receipt.id),
    transactionIndex: quantity(index),
  }
  return logs.map((log, i) => ({
    address: data(log.address),
    topics: log.topics.map(data),
    data: data(log.data),
    ...place,
    logIndex: quantity(logsBefore + i),
    removed: false,
  }))
}
