import { toHex } from '@banyan/base'
import { z } from 'zod'
import type { BlockRecord } from '../history.js'
import * as F from './forms.js'

export const blockForm = z.object({
  height: F.height,
  id: F.hash,
  parentId: F.hash,
  view: F.count,
  parentView: F.count,
  proposer: F.address,
  timestamp: F.amount,
  payloadRoot: F.hash,
  receiptsRoot: F.hash,
  stateRoot: F.hash.meta({ description: 'Of the state after the parent' }),
  historyRoot: F.hash,
  sideChainRoot: F.hash,
  nextCommitteeHash: F.hash,
  transactionCount: F.count.meta({ description: 'All transactions, skipped ones too' }),
  included: F.count.meta({ description: 'Transactions that succeeded or failed' }),
  gasUsed: F.count,
  baseFee: F.amount,
  size: F.count,
})

/** A block as JSON. */
export function blockJson({
  header,
  id,
  included,
  gasUsed,
  baseFee,
  size,
}: BlockRecord): z.output<typeof blockForm> {
  const { height, view, parentView, transactionCount } = header
  return {
    height,
    id: toHex(id),
    parentId: toHex(header.parentId),
    view,
    parentView,
    proposer: toHex(header.proposer),
    timestamp: String(header.timestamp),
    payloadRoot: toHex(header.payloadRoot),
    receiptsRoot: toHex(header.receiptsRoot),
    stateRoot: toHex(header.stateRoot),
    historyRoot: toHex(header.historyRoot),
    sideChainRoot: toHex(header.sideChainRoot),
    nextCommitteeHash: toHex(header.nextCommitteeHash),
    transactionCount,
    included,
    gasUsed,
    baseFee: String(baseFee),
    size,
  }
}
