import type { IncomingMessage, ServerResponse } from 'node:http'
import { asAddress, fail, formatAmount, fromHex, type Hex, parseAmount, toHex } from '@banyan/base'
import { readJsonBody } from '@banyan/http-api/server'
import { type Client, ed25519Account, getBalance, send as sendTransaction } from '@banyan/sdk'
import { z } from 'zod'
import type { Person } from '../people.js'
import { sendJson } from './answer.js'

/** Test money for whoever asks, within bounds. */
export type Faucet = {
  /** Answers `POST /local/faucet` with `{"address": "0x…"}`. Errors: ParametersInvalid, FaucetLimited. */
  readonly answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>
}

const amount = parseAmount('100')
const minute = 60_000
const hour = 60 * minute
/** In an hour to one address. */
const perAddress = 10
/** In a minute to all. */
const perMinute = 60
const maxBodyBytes = 1_024

const askForm = z.strictObject({ address: z.string().regex(/^0x[0-9a-fA-F]{40}$/, 'not an address') })

export function createFaucet(
  client: Client,
  { secret, address: ownAddress }: Person,
  now: () => number,
): Faucet {
  const account = ed25519Account(secret)
  /** When each of the last gifts was given, oldest first. */
  let gifts: { readonly at: number; readonly address: string }[] = []

  const take = (address: string): void => {
    const time = now()
    gifts = gifts.filter(({ at }) => at > time - hour)
    if (gifts.filter(({ at }) => at > time - minute).length >= perMinute)
      fail('FaucetLimited', { reason: `it has given ${perMinute} times in a minute` })
    if (gifts.filter((gift) => gift.address === address).length >= perAddress)
      fail('FaucetLimited', {
        reason: `this address has got ${perAddress} times ${formatAmount(amount)} FIG in an hour`,
      })
    gifts.push({ at: time, address })
  }

  const give = async (address: Hex): Promise<Hex> => {
    const left = await getBalance(client, { address: toHex(ownAddress) })
    if (left < 2n * amount) fail('FaucetLimited', { reason: 'it is empty' })
    return sendTransaction(client, { to: address, amount, account }).submitted
  }

  return {
    answer: async (request, response) => {
      const parsed = askForm.safeParse(await readJsonBody(request, maxBodyBytes))
      if (!parsed.success) return fail('ParametersInvalid', { reason: parsed.error.issues[0]!.message })
      const address = toHex(asAddress(fromHex(parsed.data.address)!))
      take(address)
      const id = await give(address)
      sendJson(response, 200, { id, from: toHex(ownAddress), to: address, amount: String(amount) })
    },
  }
}
