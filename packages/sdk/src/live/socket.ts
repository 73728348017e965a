import type { Client } from '../client.js'
import { clientError } from '../errors.js'
import { type Block, readBlock } from '../read/blocks.js'

const subscribeId = 1
const request = (id: number, method: string, params: readonly unknown[]): string =>
  JSON.stringify({ jsonrpc: '2.0', id, method, params })
const subscribe = request(subscribeId, 'eth_subscribe', ['banyanBlocks'])
const probe = request(2, 'net_version', [])

/** After this long without a word the node is asked whether it is still there: a quiet network says nothing for long. */
const quietMs = 5_000

type Message = {
  readonly id?: number
  readonly method?: string
  readonly error?: unknown
  readonly params?: { readonly result?: unknown }
}

/**
 * Reads final blocks over a WebSocket, of which a browser allows far more than streams of one origin, until it closes, or
 * until the node has not answered for the time that the client allows for one answer. `onOpen` is called once the node sends.
 * Errors: NodeSilent.
 */
export function readSocket(
  { url, timeoutMs }: Client,
  Socket: typeof WebSocket,
  signal: AbortSignal,
  onOpen: () => void,
  onBlock: (block: Block) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new Socket(`${url.replace(/^http/, 'ws')}/ws`)
    // A connection through which nothing comes is not closed by the other side either, so nobody waits for that.
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      socket.onmessage = null
      socket.close()
      resolve()
    }
    const ask = (): void => {
      socket.send(probe)
      timer = setTimeout(end, timeoutMs)
    }
    let timer = setTimeout(end, timeoutMs)
    signal.addEventListener('abort', end)
    socket.onopen = () => socket.send(subscribe)
    socket.onmessage = ({ data }) => {
      clearTimeout(timer)
      timer = setTimeout(ask, quietMs)
      try {
        const { id, method, params, error } = JSON.parse(String(data)) as Message
        if (method === 'eth_subscription') onBlock(readBlock(params?.result))
        else if (id === subscribeId && error === undefined) onOpen()
        else if (id === subscribeId) end()
      } catch {
        // It is no node that speaks there.
        end()
      }
    }
    socket.onclose = end
    socket.onerror = () => {
      reject(clientError('NodeSilent', { url }))
      end()
    }
  })
}
