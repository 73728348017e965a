import { formatAmount } from '@banyan/base'
import { type Charge, openBanyanChain, openBook, openSettlement } from '@banyan/billing'
import { native } from '@banyan/crypto/native'
import {
  approveToken,
  createClient,
  createdToken,
  createToken,
  ed25519Account,
  getBalance,
  getReceipt,
  newSecret,
  send,
} from '@banyan/sdk'
import { createSimulatedDisk } from '@banyan/storage/simulated'
import { createRandom, testSeed } from '@banyan/testing'
import { type Cluster, startCluster } from '@banyan/testing/cluster'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { account, day, newCharge } from './support/charges.js'

/** Settlement on a real node. */

const fig = 10n ** 18n
const people = {
  issuer: ed25519Account(newSecret()),
  operator: ed25519Account(newSecret()),
  payout: ed25519Account(newSecret()),
  rich: ed25519Account(newSecret()),
  poor: ed25519Account(newSecret()),
  silent: ed25519Account(newSecret()),
}
const worker = account('worker')
const author = account('author')

let cluster: Cluster
let client: ReturnType<typeof createClient>
/** What all is settled in: fees are paid in FIG, and so are not missing from what the payout account carries over. */
let asset: number

beforeAll(async () => {
  cluster = await startCluster({
    validators: 1,
    accounts: Object.values(people).map(({ address }) => ({ address, balance: formatAmount(fig) })),
    plan: { blockInterval: 50, heartbeat: 100 },
  })
  client = createClient({ url: cluster.node(0).rpc })
  const token = { name: 'Settled', symbol: 'SET', decimals: 18, initialSupply: 10_000n * fig }
  asset = createdToken(await createToken(client, { account: people.issuer, token }).final)!
  const { issuer, operator, rich, poor, silent } = people
  for (const [{ address: to }, amount] of [
    [operator, 1_000n],
    [rich, 1_000n],
    [poor, 3n],
    [silent, 1_000n],
  ] as const)
    await send(client, { account: issuer, to, amount: amount * fig, asset }).final
})
afterAll(() => cluster?.close())

function chargeOf(enterprise: string, price: bigint): Charge {
  const random = createRandom(testSeed(`chain ${enterprise}`))
  const charge = newCharge(random, {
    enterprise,
    price,
    subsidy: 0n,
    contributor: worker,
    developer: author,
    rate: 10n ** 12n,
  })
  return { ...charge, operator: people.operator.address, charityOfContributor: account('charity') }
}

test('BIL-3, BIL-4, BIL-6: a period is settled on a real chain: consent, top-up, advance, anchors, nothing left over', async () => {
  const { rich, poor, silent, issuer, operator, payout } = people
  for (const each of [rich, poor])
    await approveToken(client, { account: each, asset, spender: payout.address, amount: 10n ** 30n }).final
  const charges = [
    chargeOf(rich.address, 5_000_000n),
    chargeOf(poor.address, 4_000_000n),
    chargeOf(silent.address, 2_000_000n),
  ]
  const disk = createSimulatedDisk()
  const openAll = async () => {
    const book = await openBook({
      disk: await disk.open(),
      region: 'north',
      keccak256: native.keccak256,
      now: () => day + 43_200_000,
    })
    const settlement = await openSettlement({
      book,
      chain: openBanyanChain({ client, payout, operator, asset }),
      gateway: {
        reserve: async () => 'reserved',
        deliver: async ({ account: to, amount }) => {
          await send(client, { account: issuer, to, amount, asset }).final
          return 'delivered'
        },
      },
      region: 'north',
      keccak256: native.keccak256,
      leastPayout: 10n ** 17n,
      now: Date.now,
    })
    return { book, settlement }
  }
  const before = await getBalance(client, { address: operator.address, asset })
  let { book, settlement } = await openAll()
  await book.append(charges)
  disk.crashAt(8)
  await expect(settlement.settle('2026-11-21')).rejects.toThrow()
  disk.kill()
  ;({ book, settlement } = await openAll())
  const { plan } = await settlement.settle('2026-11-21')

  const balanceOf = (address: `0x${string}`) => getBalance(client, { address, asset })
  const paidTo = (party: 'contributor' | 'developer' | 'operator') =>
    charges.reduce((sum, charge) => sum + charge[`${party}Amount`] * charge.rate, 0n)
  expect(await balanceOf(worker)).toBe(paidTo('contributor'))
  expect(await balanceOf(author)).toBe(paidTo('developer'))
  expect(await balanceOf(rich.address)).toBe(995n * fig)
  expect(await balanceOf(poor.address)).toBe(0n)
  expect(await balanceOf(silent.address)).toBe(1_000n * fig)
  expect([...settlement.state().flagged.keys()]).toEqual([silent.address])
  expect((await balanceOf(operator.address)) - before).toBe(paidTo('operator') - 2n * fig)
  const carried = [...settlement.state().carries.values()].reduce((sum, { amount }) => sum + amount, 0n)
  expect(await balanceOf(payout.address)).toBe(carried)

  let seen = 0
  for await (const event of book.events()) {
    if (event.type !== 'settled') continue
    seen++
    const { logs, status } = await getReceipt(client, { id: event.id })
    const line = plan.lines.find(
      ({ account: who, direction }) =>
        who === event.account && (direction === 'out') === (event.way === 'pay'),
    )!
    expect(status).toBe('success')
    expect(logs.some(({ topics, data }) => topics[3] === line.anchor && data === line.xor)).toBe(true)
  }
  expect(seen).toBe(plan.lines.filter((line) => !line.isCarriedOver).length)
  await book.close()
})
