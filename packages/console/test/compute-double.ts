import { readFileSync } from 'node:fs'
import { encodeJson, type Hex, toHex } from '@banyan/base'
import {
  amountFor,
  createSandboxGateway,
  decodePublic,
  encodeStatement,
  makeCharge,
  makeReceipt,
  makeStatement,
  openBanyanChain,
  openBook,
  openSettlement,
  type Row,
} from '@banyan/billing'
import { native } from '@banyan/crypto/native'
import type { LocalNetwork } from '@banyan/local'
import { approveToken, createClient, ed25519Account, newSecret } from '@banyan/sdk'
import { createSimulatedDisk } from '@banyan/storage/simulated'
import type { BrowserContext, Route } from 'playwright-core'

/**
 * A DOUBLE of a region and its miners, for pages alone: it answers what docs/compute.md tells, with pictures that were made before. Its
 * charges are real ones in a journal in memory, which are settled on the chain of the network: receipts and proofs are genuine.
 */
export type ComputeDouble = {
  /** Answers a browser's requests to the region from now on. */
  readonly join: (context: BrowserContext) => Promise<void>
  /** Does a request as the enterprise, and gives its id. */
  readonly work: () => Promise<string>
  readonly settle: () => Promise<void>
  /** What the region tells of a charge. */
  readonly charge: (id: string) => Promise<string>
  readonly setState: (state: 'off' | 'starting' | 'ready') => void
}

const { keccak256 } = native
const currency = 'USD'
const region = 'local'
const rate = 500_000_000_000n
const price = 314n
const allowance = 10n ** 24n
const samples = new URL('../../../apps/darkroom/samples/', import.meta.url)
const gallery = new URL('../../../apps/darkroom/gallery/', import.meta.url)
const shares = {
  contributor: 6_000n,
  developer: 1_500n,
  charities: { contributor: 0n, developer: 0n, operator: 0n },
}
const pictures: Readonly<Record<string, string>> = { snapshot: 'snapshot.png', duotone: 'duotone.jpg' }

type Item = Readonly<Record<string, unknown>> & { readonly id: string; readonly endedAt: number }

export async function openDouble(network: LocalNetwork): Promise<ComputeDouble> {
  const person = (name: string) => network.people.find((each) => each.name === name)!
  const wallet = (name: string): Hex => toHex(person(name).address)
  const client = createClient({ url: network.origin, sponsor: { url: `${network.origin}/sponsor` } })
  const payout = ed25519Account(newSecret())
  const spender = payout.address
  await approveToken(client, {
    account: ed25519Account(person('Mira').secret),
    asset: 0,
    spender,
    amount: allowance,
  }).final
  const chain = openBanyanChain({ client, payout, operator: ed25519Account(person('Otto').secret) })
  const gateway = createSandboxGateway({ limitOf: () => 0n, give: async () => undefined })
  const book = await openBook({ disk: await createSimulatedDisk().open(), region, keccak256, now: Date.now })
  const settlement = await openSettlement({
    book,
    chain,
    gateway,
    region,
    keccak256,
    leastPayout: 1n,
    now: () => 0,
  })
  const today = new Date().toISOString().slice(0, 10)
  let state: 'off' | 'starting' | 'ready' = 'ready'
  let budget: { readonly perMonth: string; readonly alertAt: readonly number[] } | null = null
  let items: readonly Item[] = []
  const settled: { readonly period: string; readonly last: number }[] = []

  const rows = async (from = 1): Promise<readonly Row[]> => {
    const found: Row[] = []
    for await (const group of book.rows(from, await book.last())) found.push(...group)
    return found
  }
  const statementOf = (period: string) =>
    makeStatement({ book, region, account: wallet('Mira'), month: period })

  const work = async (): Promise<string> => {
    const at = Date.now()
    const random = crypto.getRandomValues(new Uint8Array(42))
    const id = `0x${at.toString(16).padStart(12, '0')}${toHex(random.slice(0, 10)).slice(2)}`
    const part = {
      bytesIn: 168_000n,
      bytesOut: 41_577n,
      cpuMs: 61n,
      gpuMs: 0n,
      latencyMs: 1n,
      memoryBytes: 90_000_000n,
    }
    const request = { deal: 'use', currency, rate, custom: {}, salt: toHex(random.slice(10)) }
    const parties = {
      house: `0x${'00'.repeat(20)}`,
      operator: wallet('Otto'),
      contributor: wallet('Jun'),
      developer: wallet('Ines'),
    }
    const charge = makeCharge(
      {
        ...request,
        id,
        at,
        region,
        dservice: 'darkroom@0.1.0',
        endUser: '',
        private: { ...part, miner: 'min_jun', request: 'POST /io' },
      },
      { tier: '4', isLoaded: false, price, enterpriseAmount: price, houseAmount: 0n },
      { ...parties, enterprise: wallet('Mira') },
      shares,
    )
    await book.append([charge])
    const { contributorAmount, developerAmount, operatorAmount } = charge
    const amounts = {
      contributorAmount,
      developerAmount,
      operatorAmount,
      price,
      enterpriseAmount: price,
      houseAmount: 0n,
    }
    const item = {
      ...{
        id: id.slice(2),
        account: 'ent_mira',
        service: 'darkroom',
        version: '0.1.0',
        miner: 'min_jun',
        tier: 4,
      },
      ...{
        outcome: 'done',
        status: 200,
        acceptedAt: at - 140,
        startedAt: at - 126,
        firstByteAt: at - 9,
        endedAt: at,
      },
      ...{ attempts: 1, bytesIn: 168_000, bytesOut: 41_577, cpuMs: 61, memoryBytes: 90_000_000 },
      charge: { id, ...amounts, currency, deal: 'use' },
    }
    items = [item, ...items]
    return item.id
  }

  const settle = async () => {
    const period = `${today}T00:00:${String(settled.length + 1).padStart(2, '0')}Z`
    const { plan, totalMs } = await settlement.settle(period)
    settled.push({ period, last: plan.last })
    return {
      period,
      rows: plan.last - plan.first + 1,
      transfers: plan.lines.length,
      collected: '0',
      paid: '0',
      totalMs,
    }
  }

  const periods = async (account: Hex) => {
    const found = []
    for (const { period } of settled.toReversed()) {
      const { parts } = await makeStatement({ book, region, account, month: period })
      const lines = parts.map((part) => ({
        ...{
          way: part.direction === 'in' ? 'collect' : 'pay',
          account,
          count: part.count,
          anchor: part.anchor,
          xor: part.xor,
        },
        ...{
          amountPip: part.total + part.carried,
          transfer: part.transfer ?? null,
        },
      }))
      found.push({ period, state: 'settled', rows: lines[0]?.count ?? 0, lines })
    }
    return { periods: found }
  }

  const sumOf = (own: readonly Row[], account: Hex, direction: 'in' | 'out'): bigint =>
    own.reduce((sum, row) => sum + amountFor(decodePublic(row.public.slice()), account, direction).micro, 0n)
  const lastSettled = () => settled.at(-1)?.last ?? 0

  const spend = async () => {
    const all = await rows()
    const spent = sumOf(all, wallet('Mira'), 'in')
    const day = { count: all.length, amount: spent }
    const isAlerted = budget !== null && spent * 2n > BigInt(budget.perMonth)
    return {
      ...{ month: today.slice(0, 7), currency, spent, held: 0n, budget },
      alerts: isAlerted ? [{ share: 5_000, at: Date.now() }] : [],
      days: all.length === 0 ? [] : [{ day: today, ...day }],
      services: all.length === 0 ? [] : [{ name: 'darkroom', ...day }],
      unsettled: sumOf(all.slice(lastSettled()), wallet('Mira'), 'in'),
    }
  }

  const chargeOf = async (id: string) => {
    const found = (await rows()).find((row) => decodePublic(row.public.slice()).id === id)!
    const place = settled.find(({ last }) => found.sequence <= last)
    const charge = { ...decodePublic(found.public.slice()), custom: {} }
    if (place === undefined) return { charge, period: null, receipt: null }
    const statement = await statementOf(place.period)
    const receipt = makeReceipt(statement, { id, period: place.period, direction: 'in' }, keccak256)
    return { charge, period: place.period, receipt }
  }

  const earnings = async (name: string) => {
    const [account, all] = [wallet(name), await rows()]
    const sum = (own: readonly Row[]) => sumOf(own, account, 'out')
    const days = sum(all) === 0n ? [] : [{ day: today, count: all.length, amount: sum(all) }]
    return {
      wallet: account,
      currency,
      open: sum(all.slice(lastSettled())),
      settled: sum(all.slice(0, lastSettled())),
      days,
    }
  }

  const regionPath = async (path: string, query: URLSearchParams, route: Route): Promise<unknown> => {
    const [name = '', id = ''] = path.split('/')
    const as = route.request().headers()['banyan-as'] ?? 'enterprise'
    if (name === 'work' && id !== '') return items.find((item) => item.id === id)
    if (name === 'work') return { items: items.slice(0, Number(query.get('limit'))), next: null }
    if (name === 'services')
      return { services: [{ name: 'darkroom', versions: ['0.1.0'], tiers, currency, places: 16, active: 1 }] }
    if (name === 'quote') {
      const quotes = [4, 3].map((tier) => ({
        tier,
        price: tier === 4 ? price : 402n,
        enterpriseAmount: tier === 4 ? price : 402n,
        houseAmount: 0n,
      }))
      return { service: 'darkroom', currency, estimate: { cpuMs: 61, bytes: 210_000 }, quotes }
    }
    if (name === 'spend') return spend()
    if (name === 'budget') {
      const { perMonth } = route.request().postDataJSON() as { readonly perMonth: string | null }
      budget = perMonth === null ? null : { perMonth, alertAt: [5_000, 9_000] }
      return spend()
    }
    if (name === 'periods') return periods(wallet('Mira'))
    if (name === 'charges') return chargeOf(id)
    if (name === 'settle') return settle()
    if (name === 'statements') return statementOf(id)
    if (name === 'earnings') return earnings(as === 'miner-1' ? 'Jun' : 'Theo')
    return operations((await rows()).length, lastSettled(), items.length)
  }

  const answer = async (route: Route): Promise<void> => {
    const url = new URL(route.request().url())
    const json = (value: unknown, status = 200) =>
      route.fulfill({ status, contentType: 'application/json', body: encodeAmounts(value) })
    if (url.pathname === '/local/compute') return json(localCompute(state, wallet))
    if (url.pathname.startsWith('/local/samples/'))
      return route.fulfill({ contentType: 'image/jpeg', body: readFileSync(new URL('marbles.jpg', samples)) })
    if (url.pathname.endsWith('/work-events'))
      return route.fulfill({ contentType: 'text/event-stream', body: ': nothing new\n\n' })
    const path = url.pathname.replace('/compute/_banyan/', '')
    if (path.startsWith('statements/')) {
      const file = encodeStatement(await statementOf(decodeURIComponent(path.slice('statements/'.length))))
      return route.fulfill({ contentType: 'application/json', body: file })
    }
    if (path !== url.pathname)
      return json(await regionPath(decodeURIComponent(path), url.searchParams, route))
    if (budget !== null && sumOf(await rows(), wallet('Mira'), 'in') + price > BigInt(budget.perMonth))
      return json(budgetSpent, 402)
    const id = await work()
    if (route.request().postData()?.includes('oops(') === true) return json(scriptInvalid, 400)
    const picture = pictures[url.searchParams.get('script') ?? ''] ?? 'thumbnail.jpg'
    return route.fulfill({
      contentType: picture.endsWith('png') ? 'image/png' : 'image/jpeg',
      headers: { 'banyan-request': id },
      body: readFileSync(new URL(picture, gallery)),
    })
  }

  return {
    join: async (context) => {
      await context.route(/\/(compute\/(_banyan|darkroom)|local\/(compute|samples))\b/, answer)
    },
    work,
    settle: async () => void (await settle()),
    charge: async (id) => encodeAmounts(await chargeOf(id)),
    setState: (next) => {
      state = next
    },
  }
}

/** Whole numbers of any size are decimal digits, but in charges with their receipts. */
function encodeAmounts(value: unknown): string {
  if (Object(value).receipt !== undefined) return encodeJson(value)
  return JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? String(each) : each))
}

const tiers = [
  { tier: 3, perRequest: '260', perCpuHour: '78000', perGpuHour: '0', perGigabyte: '90000' },
  { tier: 4, perRequest: '200', perCpuHour: '60000', perGpuHour: '0', perGigabyte: '90000' },
]

function told(code: number, name: string, message: string) {
  return {
    error: { code: `BYN-${code}`, name, message, fix: 'As the message says.', retryable: false },
  }
}

const budgetSpent = told(
  2604,
  'BudgetSpent',
  'The budget of ent_mira for 2026-11 is spent: 0 micro-units are left.',
)
const scriptInvalid = told(2700, 'ScriptInvalid', 'body, line 3, column 7: it makes no sense.')

const status = {
  ...{ miner: 'min_jun', connection: 'connected', isDraining: false },
  isolation: { driver: 'bubblewrap', level: 'sandbox', probes: [] },
  fitness: { cores: 2, mips: 2_913, mflops: 611, memoryBandwidth: 9e9, freeBytes: 3e9, regionMs: 1 },
  traffic: { requests: 12, failed: 0, bytesIn: 2e6, bytesOut: 5e5, cpuMs: 812 },
  dservices: [
    {
      name: 'darkroom',
      version: '0.1.0',
      pool: { instances: 1, active: 0, crashed: 0, recycled: 0, coldStartMs: 640 },
    },
  ],
}

function localCompute(state: 'off' | 'starting' | 'ready', wallet: (name: string) => Hex) {
  const party = (name: string, account: string) => ({ name, wallet: wallet(name), account })
  return {
    ...{
      ready: state === 'ready',
      state,
      reason: state === 'starting' ? 'central makes accounts' : null,
      region,
    },
    ...{ services: ['darkroom'], join: 'http://127.0.0.1:4402' },
    enterprise: { ...party('Mira', 'ent_mira'), name: 'Mira’s bakery' },
    operator: party('Otto', 'ent_otto'),
    developer: party('Ines', 'ent_ines'),
    miners: [
      { ...party('Jun', 'min_jun'), status },
      {
        ...party('Theo', 'min_theo'),
        status: { ...status, resting: 'other programs use 81 % of the machine' },
      },
    ],
    sample: { curl: '', path: '', input: '/local/samples/ridges.jpg' },
  }
}

function operations(rows: number, settled: number, requests: number) {
  const place = { name: 'darkroom', version: '0.1.0', concurrency: 8, active: 0, warm: true }
  const miner = { tier: 4, rttMs: 1, aside: null, draining: false, requests, failures: 0, services: [place] }
  return {
    ...{ region, accepting: true, charges: { rows, waiting: 0 } },
    tiers: [
      { tier: 3, queued: 0, capacity: 8, active: 1 },
      { tier: 4, queued: 2, capacity: 8, active: 8 },
    ],
    miners: [
      { ...miner, miner: 'min_jun' },
      { ...miner, miner: 'min_theo', aside: { until: Date.now() + 8_000 }, failures: 3 },
    ],
    work: { perMinute: 38 + (Date.now() % 7), p50Ms: 61, p99Ms: 240 + (Date.now() % 40), failed: 1 },
    settlement: { period: settled === 0 ? null : 'today', isOpen: false, unsettledRows: rows - settled },
  }
}
