import { toHex } from '@banyan/base'
import { assetAddress } from '@banyan/contracts'
import { expect, test } from 'vitest'
import { oneFig, people, wallets } from './instant-chain.js'
import { serve } from './servers.js'
import { ethereumPayment, packageOf, transferOf } from './signed.js'

type Json = Readonly<Record<string, unknown>>
type Page = { readonly transactions: readonly Json[]; readonly next: string | null }

test('SDK-1: transactions are listed newest first, of all, of an account and of a block', async () => {
  const { instant, get } = await serve()
  const list = async (path: string): Promise<Page> => (await get(path)).json() as Promise<Page>
  const ids: string[] = []
  for (let i = 0; i < 5; i++) {
    const [sent] = await instant.node.submit([transferOf(instant, { amount: 10n + BigInt(i) })])
    ids.unshift(toHex(sent!.id!))
  }
  const [paid] = await instant.node.submit([ethereumPayment(instant)])
  const payment = toHex(paid!.id!)

  const all = await list('/v1/transactions?limit=4')
  expect(all.transactions.map(({ id }) => id)).toEqual([payment, ...ids.slice(0, 3)])
  const rest = await list(`/v1/transactions?limit=4&before=${all.next}`)
  expect(rest.transactions.map(({ id }) => id)).toEqual(ids.slice(3))
  expect(rest.next).toBeNull()

  const own = await list(`/v1/accounts/${toHex(people[0]!)}/transactions`)
  expect(own.transactions.map(({ id }) => id)).toEqual(ids)
  const [newest] = own.transactions
  const { header } = (await instant.history.blockAt(newest!['height'] as number))!
  expect(newest).toMatchObject({
    type: 0x7a,
    status: 'success',
    from: toHex(people[0]!),
    timestamp: String(header.timestamp),
    sponsor: null,
    method: null,
    movements: [{ asset: 0, from: toHex(people[0]!), amount: '14' }],
    movementCount: 1,
  })
  const block = await list(`/v1/blocks/${all.transactions[0]!['height']}/summaries`)
  expect(block.transactions).toMatchObject([
    { id: payment, type: 2, from: toHex(wallets[0]!), movements: [{ asset: 0 }], movementCount: 1 },
  ])
})

test('SDK-1: blocks are listed newest first, in pages that end with the first', async () => {
  const { instant, get } = await serve()
  for (let i = 0; i < 5; i++) instant.mine()
  const list = async (query: string) =>
    (await (await get(`/v1/blocks${query}`)).json()) as { blocks: readonly Json[]; next: number | null }
  const heights = ({ blocks }: { readonly blocks: readonly Json[] }) => blocks.map(({ height }) => height)
  const all = await list('')
  expect(heights(all)).toEqual([5, 4, 3, 2, 1, 0])
  expect(all.next).toBeNull()
  expect(all.blocks[1]).toEqual(await (await get('/v1/blocks/4')).json())
  const newest = await list('?limit=3')
  expect(heights(newest)).toEqual([5, 4, 3])
  const oldest = await list(`?limit=3&before=${newest.next}`)
  expect(heights(oldest)).toEqual([2, 1, 0])
  expect(oldest.next).toBeNull()
  expect(heights(await list('?before=9'))).toEqual([5, 4, 3, 2, 1, 0])
  expect(heights(await list('?before=0'))).toEqual([])
  for (const query of ['?limit=0', '?limit=101', '?before=-1'])
    expect((await get(`/v1/blocks${query}`)).status, query).toBe(400)
})

test('SDK-1: a package shows sixteen of its movements, those of the account first', async () => {
  const { instant, get } = await serve()
  await instant.node.submit([packageOf(instant, new Array<bigint>(40).fill(1n))])
  const [tx] = ((await (await get('/v1/transactions')).json()) as Page).transactions
  expect(tx).toMatchObject({ type: 0x7c, movementCount: 40 })
  expect((tx!['movements'] as readonly Json[]).length).toBe(16)
})

test('SDK-1: assets, balances and prices are listed', async () => {
  const { instant, get } = await serve()
  const json = async (path: string): Promise<Json> => (await get(path)).json() as Promise<Json>
  expect(await json('/v1/assets')).toMatchObject({
    assets: [
      { asset: 0, symbol: 'FIG', decimals: 18 },
      { asset: 1, symbol: 'OLV', decimals: 6, issuer: toHex(people[0]!) },
    ],
    next: null,
  })
  expect(await json('/v1/assets?limit=1')).toMatchObject({ assets: [{ asset: 0 }], next: 1 })
  expect(await json('/v1/assets?from=1&limit=1')).toMatchObject({ assets: [{ asset: 1 }], next: null })
  expect(await json(`/v1/accounts/${toHex(wallets[0]!)}/balances`)).toEqual({
    height: 0,
    balances: [
      { asset: 0, balance: String(1_000n * oneFig) },
      { asset: 1, balance: '7000000' },
    ],
    next: null,
  })
  expect(await json(`/v1/accounts/${toHex(assetAddress(1 as never))}/balances`)).toMatchObject({
    balances: [],
  })
  const { compute, bytes, state } = instant.node.prices()
  expect(await json('/v1/fees')).toEqual({
    height: 0,
    compute: String(compute),
    bytes: String(bytes),
    state: String(state),
    tip: '0',
    gasLimit: 20_000_000,
  })
})
