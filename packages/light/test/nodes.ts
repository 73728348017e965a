import { fromHex, toHex } from '@banyan/base'
import { joinRecords, type ProofRequest } from '@banyan/light'
import { olive, type World } from './world.js'

/** What nodes answer over HTTP, without sockets. */

export type Answer = (path: string) => Response | Promise<Response> | undefined

export const bytes = (body: Uint8Array): Response => new Response(Uint8Array.from(body))
export const proofJson = (proof: Uint8Array): Response => Response.json({ proof: toHex(proof) })

/** What an honest node of the world answers. */
export function honest(world: World): Answer {
  return (path) => {
    if (path === '/v1/status') {
      const { height } = world.chain.head.header
      return Response.json({ genesisId: toHex(world.chain.genesisId), height })
    }
    const epochs = /^\/v1\/epochs\/(\d+)$/.exec(path)
    if (epochs !== null) return bytes(joinRecords(world.records.slice(Number(epochs[1]))))
    const request = requestOf(path)
    return request && proofJson(world.prove(request))
  }
}

export function requestOf(path: string): ProofRequest | undefined {
  const account = /^\/v1\/accounts\/(0x\w{40})\/proof$/.exec(path)
  if (account !== null) return { kind: 'account', address: fromHex(account[1]!) as never }
  const balance = /^\/v1\/accounts\/(0x\w{40})\/balances\/1\/proof$/.exec(path)
  if (balance !== null) return { kind: 'balance', owner: fromHex(balance[1]!) as never, asset: olive }
  const header = /^\/v1\/blocks\/(\d+)\/proof$/.exec(path)
  return header === null ? undefined : { kind: 'header', height: Number(header[1]) }
}
