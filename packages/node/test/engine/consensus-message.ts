import { type ConsensusMessage, decodeMessage as decodeConsensus } from '@banyan/consensus'
import { decodeMessage } from '@banyan/node'

export const proposalKind = 3

/** The message of consensus in what one node sends another, if it is one: requests look alike. */
export function consensusIn(bytes: Uint8Array): ConsensusMessage | undefined {
  try {
    const message = decodeMessage(bytes)
    return message.kind === 'consensus' ? decodeConsensus(message.bytes) : undefined
  } catch {
    return undefined
  }
}
