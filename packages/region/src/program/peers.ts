import { fail } from '@banyan/base'
import type { Peer } from '../core/index.js'

/** Other regions that may take work which this one has no room for. */

const pollMs = 2_000
const timeoutMs = 1_500

type PeerAddress = { readonly region: string; readonly status: string; readonly work: string }

/** Reads `name=status|work,...`. Error: OptionInvalid. */
export function readPeers(text: string): readonly PeerAddress[] {
  if (text === '') return []
  return text.split(',').map((part) => {
    const match = /^([\w.-]{1,64})=(https?:\/\/[^|,]+)\|(https?:\/\/[^|,]+)$/.exec(part)
    if (match === null)
      return fail('OptionInvalid', { option: 'peers', reason: `"${part}" is not name=status|work` })
    return { region: match[1]!, status: match[2]!, work: match[3]! }
  })
}

/** Asks the others how full they are, again and again. One that does not answer counts as full. Returns what ends it. */
export function followPeers(
  addresses: readonly PeerAddress[],
  tell: (peers: readonly Peer[]) => void,
): () => void {
  if (addresses.length === 0) return () => undefined
  const ask = async ({ region, status, work }: PeerAddress): Promise<Peer> => {
    try {
      const answer = await fetch(new URL('/status', status), { signal: AbortSignal.timeout(timeoutMs) })
      const { load, accepting } = (await answer.json()) as { load?: unknown; accepting?: unknown }
      return { region, url: work, load: typeof load === 'number' && accepting === true ? load : 1 }
    } catch {
      return { region, url: work, load: 1 }
    }
  }
  const poll = (): void => {
    void Promise.all(addresses.map(ask)).then(tell)
  }
  poll()
  const timer = setInterval(poll, pollMs)
  return () => clearInterval(timer)
}
