import { fail, parseAmount } from '@banyan/base'
import { createdToken, createToken } from '@banyan/sdk'
import { figAsset, followSending, openClient } from '../chain.js'
import type { Context } from '../command-spec.js'
import { signer } from '../names.js'

/** Issues a token; who signs is its issuer. */
export async function run(context: Context): Promise<number> {
  const { options, signal, output } = context
  const { symbol = '', name = '' } = context.arguments
  const decimals = decimalsOf(String(options['decimals'] ?? '2'))
  const initialSupply = parseAmount(String(options['supply'] ?? '0'), decimals)
  const cap = typeof options['cap'] === 'string' ? parseAmount(options['cap'], decimals) : initialSupply
  if (cap < initialSupply || cap === 0n)
    fail('UsageWrong', {
      command: 'banyan token create',
      reason: 'give --supply, or a --cap that is at least the supply',
    })
  const client = await openClient(context)
  const account = await signer(client.url, context)
  const sending = createToken(client, {
    token: { name, symbol, decimals, initialSupply, cap },
    account,
    signal,
  })
  const value = { issuer: account.address, symbol, name, decimals, initialSupply, cap }
  const code = await followSending(context, sending, figAsset, value, `${symbol} (${name})`)
  if (options['wait'] === false) return code
  output.talk(output.talkPaint.quiet(`Its number is ${createdToken(await sending.final)}.`))
  return code
}

function decimalsOf(text: string): number {
  if (/^\d{1,2}$/.test(text) && Number(text) <= 18) return Number(text)
  return fail('UsageWrong', {
    command: 'banyan token create',
    reason: '--decimals is not a number from 0 to 18',
  })
}
