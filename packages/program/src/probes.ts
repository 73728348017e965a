import type { ServerResponse } from 'node:http'

/** What a program tells machines of itself. */
export type Probed = {
  readonly isReady: () => boolean
  /** What Prometheus reads; without it there is no /metrics. */
  readonly metrics?: { readonly text: () => Promise<string>; readonly contentType: string }
}

/**
 * Answers GET for the paths by which machines ask how a program is: /health while the process works, /ready with 503 until
 * it can do its work, /metrics. Returns whether the path is one of them.
 */
export function answerProbe(path: string, response: ServerResponse, { isReady, metrics }: Probed): boolean {
  if (path === '/metrics' && metrics !== undefined) {
    metrics.text().then(
      (text) => send(response, 200, metrics.contentType, text),
      () => send(response, 503, plain, 'not ready\n'),
    )
    return true
  }
  if (path !== '/health' && path !== '/ready') return false
  const isGood = path === '/health' || isReady()
  send(response, isGood ? 200 : 503, plain, isGood ? 'ok\n' : 'not ready\n')
  return true
}

const plain = 'text/plain'

function send(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { 'content-type': type }).end(text)
}
