import {
  createClient,
  ed25519Account,
  formatAmount,
  getBalance,
  parseAmount,
  send,
  watchBlocks,
} from '@banyan/sdk'

/** What an application for phones does: it reads, pays, and follows the chain. */
export async function run(url: string, secret: string, friend: `0x${string}`): Promise<string> {
  const client = createClient({ url, account: ed25519Account(secret as `0x${string}`) })
  const sending = send(client, { to: friend, amount: parseAmount('1.5') })
  const { status } = await sending.final
  const heights: number[] = []
  for await (const { height } of watchBlocks(client)) {
    heights.push(height)
    if (heights.length === 3) break
  }
  const balance = formatAmount(await getBalance(client, { address: friend }))
  const lost = await getBalance(createClient({ url: 'http://127.0.0.1:9' }), { address: friend }).catch(
    (error: { kind: string }) => error.kind,
  )
  return JSON.stringify({ status, balance, lost, rising: heights[2]! - heights[0]! })
}
