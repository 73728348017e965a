import type { IncomingMessage, ServerResponse } from 'node:http'
import { banyanError, fail } from '@banyan/base'
import type { Guesses } from '../accounts/guesses.js'
import type { Accounts } from '../accounts/port.js'
import { sendError, sendJson } from '../work/answer.js'
import { readJson } from '../work/read-json.js'

/**
 * The plain requests of the endpoint for miners: `POST /join` with `{"token"}` exchanges a token that works once for the id and the key of the
 * miner. Everything else belongs to WebSockets.
 */
export function answerMiner(
  request: IncomingMessage,
  response: ServerResponse,
  accounts: Pick<Accounts, 'redeem'>,
  guesses: Guesses,
): void {
  const { redeem } = accounts
  if (redeem === undefined || request.method !== 'POST' || request.url !== '/join') {
    response.writeHead(426).end()
    return
  }
  const address = request.socket.remoteAddress ?? ''
  const run = async (): Promise<void> => {
    if (guesses.isBarred(address)) fail('GuessingBarred')
    const { token } = Object(await readJson(request)) as { readonly token?: unknown }
    const joined = typeof token === 'string' ? await redeem(token) : undefined
    if (joined === undefined) {
      guesses.refused(address)
      fail('TokenRefused')
    }
    sendJson(response, 200, joined)
  }
  run().catch((error: unknown) => sendError(response, isOfCentral(error) ? banyanError('RegionBusy') : error))
}

/** Whoever keeps the accounts cannot be asked. */
function isOfCentral(error: unknown): boolean {
  return Object(error).kind === 'CentralBusy' || Object(error).kind === 'CentralUnreachable'
}
