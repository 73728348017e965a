import { type Hex, toHex } from '@banyan/base'
import type { CryptoProvider } from '@banyan/crypto'
import type { Log } from '@banyan/ledger'
import { data } from '../quantities.js'

const bloomBytes = 256
/** Logs beyond this many make a bloom that lets everything through: it stays right, and costs nothing. */
export const maxBloomLogs = 1_024

/** Bloom filter over addresses and topics of logs, as Ethereum's Yellow Paper defines it (section 4.3.1). */
export function logsBloom(provider: CryptoProvider, logs: readonly Log[]): Hex {
  const bloom = new Uint8Array(bloomBytes)
  if (logs.length > maxBloomLogs) return data(bloom.fill(0xff))
  const seen = new Set<string>()
  for (const { address, topics } of logs) {
    for (const item of [address, ...topics]) {
      const key = toHex(item)
      if (!seen.has(key)) setBits(bloom, provider.keccak256(item))
      seen.add(key)
    }
  }
  return data(bloom)
}

/** Three bits: each the low eleven bits of one of the first three pairs of bytes of the hash. */
function setBits(bloom: Uint8Array, hash: Uint8Array): void {
  for (const at of [0, 2, 4]) {
    const bit = ((hash[at]! << 8) | hash[at + 1]!) & 2047
    const byte = bloomBytes - 1 - (bit >> 3)
    bloom[byte] = bloom[byte]! | (1 << (bit & 7))
  }
}
