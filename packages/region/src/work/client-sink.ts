import type { ServerResponse } from 'node:http'
import { sendError } from './answer.js'
import { answerHeaders } from './headers.js'
import type { Sink } from './sink.js'

/** A client that reads nothing for this long is gone. */
const stallMs = 60_000

/** An answer to a client over HTTP. `drained`: the client reads again. */
export function createClientSink(response: ServerResponse, id: string, drained: () => void): Sink {
  let stalled: NodeJS.Timeout | undefined
  let isListening = false
  /** Most answers are written at once, and have no use for this. */
  const listen = (): void => {
    isListening = true
    response.on('drain', () => {
      clearTimeout(stalled)
      drained()
    })
    response.on('close', () => clearTimeout(stalled))
  }
  return {
    head: (status, headers, affinity) => {
      const passed = answerHeaders(headers)
      passed.push('banyan-request', id)
      if (affinity !== undefined) passed.push('banyan-affinity', affinity)
      response.writeHead(status, passed)
    },
    write: (bytes) => {
      const hasRoom = response.write(bytes)
      if (hasRoom) return true
      if (!isListening) listen()
      stalled = setTimeout(() => response.destroy(), stallMs)
      return false
    },
    end: (last) => {
      response.end(last)
    },
    abort: (error) => sendError(response, error),
  }
}
