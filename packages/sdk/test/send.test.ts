import { BanyanError } from '@banyan/base'
import {
  createClient,
  getAccount,
  getActivity,
  getBalance,
  getBlock,
  getBlocks,
  getReceipt,
  getStatus,
  getTransaction,
  prepareTransaction,
  send,
  signTransaction,
  submitTransaction,
  waitForTransaction,
} from '@banyan/sdk'
import { expect, test } from 'vitest'
import { alice, bob, carol, clientOf, freshAddress, oneFig, startBalance, useNode } from './node.js'

const node = useNode()

test('SDK-2: a transfer of a local key is submitted, final, and has its receipt', async () => {
  const client = clientOf(node, alice)
  const to = freshAddress()
  const sending = send(client, { to, amount: 3n * oneFig })
  const id = await sending.id
  expect(await sending.submitted).toBe(id)
  const receipt = await sending.final
  expect(await sending.receipt).toEqual(receipt)
  expect(receipt).toMatchObject({ id, status: 'success', payeeBalance: 3n * oneFig, error: null })
  expect(await getBalance(client, { address: to })).toBe(3n * oneFig)
  expect(await getBalance(client, { address: alice.address })).toBe(receipt.payerBalance)
  expect(await getTransaction(client, { id })).toMatchObject({
    state: 'final',
    type: 0x7a,
    from: alice.address,
  })
  expect(await getReceipt(client, { id })).toEqual(receipt)
  const { items } = await getActivity(client, { address: to })
  expect(items).toMatchObject([{ id, movements: [{ asset: 0, to, amount: 3n * oneFig }], fee: receipt.fee }])
})

test('SDK-2: a key of Ethereum sends the general form, several calls at once', async () => {
  const client = clientOf(node, bob)
  const [first, second] = [freshAddress(), freshAddress()]
  const calls = [
    { to: first, value: 1n },
    { to: second, value: 2n },
  ]
  const receipt = await send(client, { calls }).final
  expect(await getTransaction(client, { id: receipt.id })).toMatchObject({ type: 0x7b, from: bob.address })
  expect(await getBalance(client, { address: first })).toBe(1n)
  expect(await getBalance(client, { address: second })).toBe(2n)
  expect(await getBalance(client, { address: bob.address })).toBe(startBalance - 3n - receipt.fee)
})

test('SDK-2: what was signed can be sent later and more than once, and happens once', async () => {
  const client = clientOf(node)
  const to = freshAddress()
  const prepared = await prepareTransaction(client, { to, amount: 5n, account: alice })
  const offline = createClient({ url: 'http://localhost:1' })
  const signed = await signTransaction(offline, { prepared, account: alice })
  expect(await submitTransaction(client, { signed })).toBe(signed.id)
  await submitTransaction(client, { signed })
  const receipt = await waitForTransaction(client, { id: signed.id })
  await submitTransaction(client, { signed })
  expect(receipt.fee <= prepared.maxFee).toBe(true)
  expect(await getBalance(client, { address: to })).toBe(5n)
})

test('SDK-2: what cannot be done is refused with its registry error, and nothing happens', async () => {
  const client = clientOf(node, carol)
  const refused = await send(client, { to: alice.address, amount: 1n }).final.catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(BanyanError)
  expect(refused).toMatchObject({
    kind: 'FeeFundsInsufficient',
    code: 'BYN-1212',
    retryable: expect.any(Boolean),
  })
  const nobody = send(clientOf(node), { to: alice.address, amount: 1n })
  await expect(nobody.submitted).rejects.toMatchObject({ kind: 'AccountMissing' })
  const { items } = await getActivity(client, { address: carol.address })
  expect(items).toEqual([])
})

test('SDK-2: answers that are lost make nothing happen twice, and nobody believe that it failed', async () => {
  const to = freshAddress()
  const sent: string[] = []
  const lossy: typeof fetch = async (input, init) => {
    const isSubmission = init?.method === 'POST' && String(input).endsWith('/v1/transactions')
    if (!isSubmission) return fetch(input, init)
    sent.push(Buffer.from(init.body as Uint8Array).toString('hex'))
    const answer = await fetch(input, init)
    // The first answers do not arrive, as when the line breaks.
    if (sent.length < 4) throw new TypeError('the line is broken')
    return answer
  }
  const client = createClient({ url: node.url(), account: alice, fetch: lossy })
  const receipt = await send(client, { to, amount: 7n }).final
  expect(new Set(sent).size).toBe(1)
  expect(sent.length).toBeGreaterThanOrEqual(4)
  expect(await getBalance(client, { address: to })).toBe(7n)
  const { items } = await getActivity(client, { address: to })
  expect(items.map(({ id }) => id)).toEqual([receipt.id])
})

test('SDK-2: what is final and failed has a receipt, and is not taken for done', async () => {
  const failing: typeof fetch = async (input, init) => {
    const text = await (await fetch(input, init)).text()
    return new Response(
      text.replace('"status":"success","error":null', '"status":"failed","error":"FundsInsufficient"'),
    )
  }
  const client = createClient({ url: node.url(), account: alice, fetch: failing })
  const sending = send(client, { to: freshAddress(), amount: 1n })
  expect(await sending.receipt).toMatchObject({ status: 'failed', error: 'FundsInsufficient' })
  await expect(sending.final).rejects.toMatchObject({
    kind: 'TransactionFailed',
    message: expect.stringContaining('FundsInsufficient'),
  })
})

test('SDK-2: an aborted wait ends with the reason of its signal', async () => {
  const client = clientOf(node, alice)
  const abort = new AbortController()
  const id = `0x${'ab'.repeat(32)}` as const
  const waiting = waitForTransaction(client, { id, signal: abort.signal })
  abort.abort(new Error('the page is gone'))
  await expect(waiting).rejects.toThrow('the page is gone')
})

test('SDK-1: status, blocks and accounts', async () => {
  const client = clientOf(node)
  const status = await getStatus(client)
  expect(status).toMatchObject({ chainId: 7001, ready: true, syncing: null })
  const blocks = await getBlocks(client, { limit: 3 })
  expect(blocks.length).toBe(3)
  expect(blocks[0]!.height).toBe(blocks[2]!.height + 2)
  expect(blocks[0]!.parentId).toBe(blocks[1]!.id)
  expect(await getBlock(client, { block: blocks[1]!.id })).toEqual(blocks[1])
  expect(await getBlocks(client, { before: 2, limit: 10 })).toMatchObject([{ height: 1 }, { height: 0 }])
  expect(await getAccount(client, { address: freshAddress() })).toMatchObject({ exists: false, balance: 0n })
})

test('SDK-1: unreachable and late nodes, and strange answers, are registry errors', async () => {
  const kindOf = async (options: Parameters<typeof createClient>[0]) =>
    getStatus(createClient(options)).then(
      () => 'none',
      (error: unknown) => (error as BanyanError).kind,
    )
  expect(await kindOf({ url: 'http://127.0.0.1:1' })).toBe('NodeSilent')
  const never: typeof fetch = (_, init) =>
    new Promise((_, reject) => {
      init?.signal?.addEventListener('abort', () => reject(init.signal!.reason))
    })
  expect(await kindOf({ url: 'http://127.0.0.1:1', fetch: never, timeoutMs: 5 })).toBe('AnswerLate')
  const says = (text: string) => async () => new Response(text)
  expect(await kindOf({ url: 'http://127.0.0.1:1', fetch: says('<html>') })).toBe('AnswerStrange')
  await expect(getBlock(clientOf(node), { block: 10 ** 9 })).rejects.toMatchObject({ kind: 'BlockUnknown' })
  await expect(getBalance(clientOf(node), { address: '0x12' })).rejects.toMatchObject({
    kind: 'ArgumentInvalid',
    details: { argument: 'address' },
  })
})
