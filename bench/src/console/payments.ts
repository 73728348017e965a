import type { PersonWithKey } from '@banyan/local/api'
import {
  type Client,
  ed25519Account,
  getBalance,
  type KeyAccount,
  prepareTransaction,
  type Signed,
  signTransaction,
  submitTransaction,
} from '@banyan/sdk'

export type Payments = {
  /** Ends them, and tells how many became final per second. */
  readonly end: () => Promise<number>
}

const payee = `0x${'70'.repeat(20)}` as const
const amount = 1_000n
/** Signed at once; for each of them the network is asked what it costs. */
const batch = 50

/** Payments of these people to one account, evenly spread, from now on. */
export async function startPayments(
  client: Client,
  people: readonly PersonWithKey[],
  perSecond: number,
): Promise<Payments> {
  const accounts = people
    .filter(({ scheme }) => scheme === 'ed25519')
    .map(({ secret }) => ed25519Account(secret))
  const over = new AbortController()
  const prepare = (round: number): Promise<Batch> => signBatch(client, accounts[round % accounts.length]!)
  const sending = (async () => {
    let due = performance.now()
    let next = prepare(0)
    for (let round = 1; !over.signal.aborted; round++) {
      const signed = await next
      next = prepare(round)
      for (const one of signed) {
        await until(due)
        due += 1_000 / perSecond
        if (over.signal.aborted) break
        // What is refused shows in what becomes final.
        submitTransaction(client, { signed: one }).catch(() => undefined)
      }
    }
    await next
  })()
  const paid = async (): Promise<number> => Number((await getBalance(client, { address: payee })) / amount)
  const before = await paid()
  const begun = performance.now()
  return {
    end: async () => {
      const count = (await paid()) - before
      const seconds = (performance.now() - begun) / 1_000
      over.abort()
      await sending
      return count / seconds
    },
  }
}

type Batch = readonly Signed[]

/** Payments that differ in their nonce alone. */
async function signBatch(client: Client, account: KeyAccount): Promise<Batch> {
  const prepared = await prepareTransaction(client, { to: payee, amount, account })
  if (prepared.kind !== 'transfer') throw new Error('a payment of FIG is no short transfer')
  const { body } = prepared
  const bodies = Array.from({ length: batch }, (_, i) => ({ ...body, nonce: body.nonce ^ BigInt(i) }))
  return Promise.all(
    bodies.map((one) => signTransaction(client, { prepared: { ...prepared, body: one }, account })),
  )
}

function until(time: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, time - performance.now())))
}
