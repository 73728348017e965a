import type { IncomingMessage } from 'node:http'
import { type BanyanError, banyanError } from '@banyan/base'
import type { Replay } from './replay.js'

/** The body of a client's request on its way into the replay buffer. */
export type Upload = {
  /** Miners have taken this much. */
  readonly sent: (bytes: number) => void
  readonly stop: () => void
}

export type UploadLimits = {
  readonly maxBody: number
  /** A client that sends nothing for this long, while it could, is gone. */
  readonly idleMs: number
}

/** What has not been sent to a miner yet is at most this, and one piece more. */
const maxAhead = 2 ** 20

/** Reads a body no faster than miners take it. `more` after each piece and at the end; `failed` once, instead of an end. */
export function startUpload(
  request: IncomingMessage,
  replay: Replay,
  limits: UploadLimits,
  more: () => void,
  failed: (error: BanyanError | undefined) => void,
): Upload {
  let sent = 0
  let timer: NodeJS.Timeout | undefined
  let isOver = false

  const finish = (): void => {
    isOver = true
    clearTimeout(timer)
  }
  const wait = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      finish()
      failed(banyanError('WorkMalformed', { reason: `its body stopped for ${limits.idleMs} ms` }))
    }, limits.idleMs)
  }
  request.on('data', (bytes: Buffer) => {
    if (isOver) return
    if (replay.size() + bytes.length > limits.maxBody) {
      finish()
      request.pause()
      failed(banyanError('BodyTooLarge', { limit: limits.maxBody }))
      return
    }
    replay.add(bytes)
    more()
    if (replay.size() - sent > maxAhead) {
      clearTimeout(timer)
      request.pause()
    } else timer?.refresh()
  })
  request.on('end', () => {
    if (isOver) return
    finish()
    replay.end()
    more()
  })
  request.on('error', () => {
    if (isOver) return
    finish()
    failed(undefined)
  })
  wait()
  return {
    sent: (bytes) => {
      sent = Math.max(sent, bytes)
      if (isOver || !request.isPaused() || replay.size() - sent > maxAhead) return
      wait()
      request.resume()
    },
    stop: finish,
  }
}
