import {
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import { request as httpsRequest } from 'node:https'
import { banyanError } from '@banyan/base'
import type { Peer } from '../core/index.js'
import { sendError } from './answer.js'
import { answerHeaders } from './headers.js'
import type { Replay } from './replay.js'

/** Gives a request that this region has no room for to another region, as it came, and its answer back. */
export function forwardWork(
  peer: Peer,
  here: string,
  visited: readonly string[],
  request: IncomingMessage,
  response: ServerResponse,
  replay: Replay,
): void {
  const url = new URL(request.url ?? '/', peer.url)
  const headers = withVisited(request.rawHeaders, [...visited, here])
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest
  const onward: ClientRequest = send(url, { method: request.method ?? 'GET', headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answerHeaders(answer.rawHeaders))
    answer.pipe(response)
    answer.on('error', () => response.destroy())
  })
  onward.on('error', () => sendError(response, banyanError('RegionBusy'), 1_000))
  response.on('close', () => onward.destroy())
  sendBody(onward, request, replay)
}

/** What was read of the body, then the rest. */
function sendBody(onward: ClientRequest, request: IncomingMessage, replay: Replay): void {
  for (let offset = 0; offset < replay.size(); ) {
    const piece = replay.at(offset)!
    onward.write(piece)
    offset += piece.length
  }
  if (replay.isWhole()) onward.end()
  else request.pipe(onward)
}

/** The headers as they came, with the regions that the request has been to. */
function withVisited(headers: readonly string[], visited: readonly string[]): string[] {
  const own = ['banyan-visited', 'connection']
  const passed: string[] = []
  for (let i = 0; i < headers.length; i += 2) {
    if (!own.includes(headers[i]!.toLowerCase())) passed.push(headers[i]!, headers[i + 1]!)
  }
  return [...passed, 'banyan-visited', visited.join(',')]
}
