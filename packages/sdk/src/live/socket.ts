import type { Client } from '../client.js'
import { clientError } from '../errors.js'
import { type Block, readBlock } from '../read/blocks.js'
import { silenceMs } from './events.js'

const request = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_subscribe', params: ['banyanBlocks'] })

/**
 * Reads final blocks over a WebSocket, of which a browser allows far more than streams of one origin, until it closes.
 * `onOpen` is called once the node sends. Errors: NodeSilent.
 */
export function readSocket(
  { url }: Client,
  Socket: typeof WebSocket,
  signal: AbortSignal,
  onOpen: () => void,
  onBlock: (block: Block) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new Socket(`${url.replace(/^http/, 'ws')}/ws`)
    const end = (): void => socket.close()
    let silence = setTimeout(end, silenceMs)
    signal.addEventListener('abort', end)
    socket.onopen = () => socket.send(request)
    socket.onmessage = ({ data }) => {
      clearTimeout(silence)
      silence = setTimeout(end, silenceMs)
      try {
        const { method, params } = JSON.parse(String(data)) as {
          readonly method?: string
          readonly params?: { readonly result?: unknown }
        }
        if (method === 'eth_subscription') onBlock(readBlock(params?.result))
        else onOpen()
      } catch {
        // It is no node that speaks there.
        end()
      }
    }
    socket.onclose = () => {
      clearTimeout(silence)
      signal.removeEventListener('abort', end)
      resolve()
    }
    socket.onerror = () => reject(clientError('NodeSilent', { url }))
  })
}
