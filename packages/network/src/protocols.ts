import { toHex } from '@banyan/base'
import type { Channel } from './network.js'

/** Names under which streams are opened. They hold the genesis id, so nodes of different chains find nothing in common. */
export type Protocols = Readonly<Record<Channel | 'request', string>>

export function protocolsOf(genesis: Uint8Array): Protocols {
  const chain = `/banyan/${toHex(genesis).slice(2)}`
  return { votes: `${chain}/votes/1`, data: `${chain}/data/1`, request: `${chain}/request/1` }
}
