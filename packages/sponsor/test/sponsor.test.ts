import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatAmount, toHex } from '@banyan/base'
import { accountAbi, contractAddress } from '@banyan/contracts/abi'
import { native as provider } from '@banyan/crypto/native'
import {
  callContract,
  createClient,
  ed25519Account,
  getBalance,
  getReceipt,
  getStatus,
  type KeyAccount,
  newSecret,
  prepareTransaction,
  type SendRequest,
  secp256k1Account,
  send,
  signTransaction,
  tokenAddress,
} from '@banyan/sdk'
import {
  createSponsorHandler,
  openSponsor,
  type Sponsor,
  type SponsorPolicy,
  type Statement,
} from '@banyan/sponsor'
import { toListener } from '@banyan/sponsor/node'
import { openNodeDisk } from '@banyan/storage/node'
import { type Cluster, startCluster } from '@banyan/testing/cluster'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'

/** A provider that pays for its users on a real node. */

const oneFig = 10n ** 18n
const payer = secp256k1Account(newSecret())
const shop = ed25519Account(newSecret())
const newUser = (): KeyAccount => ed25519Account(newSecret())
const generous: SponsorPolicy = {
  budgetPerMonth: 100n * oneFig,
  maxFee: oneFig,
  rate: { count: 100, windowMs: 60_000 },
  allowed: [{}],
}

let cluster: Cluster
let url: string
const opened: (() => Promise<void>)[] = []

beforeAll(async () => {
  cluster = await startCluster({
    validators: 1,
    accounts: [payer, shop].map(({ address }) => ({ address, balance: formatAmount(1_000n * oneFig) })),
    plan: { blockInterval: 50, heartbeat: 100 },
  })
  url = cluster.node(0).rpc
})
afterAll(() => cluster?.close())
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

async function open(
  policy: SponsorPolicy,
  { folder, now }: { folder?: string; now?: () => number } = {},
): Promise<Sponsor & { readonly folder: string }> {
  const path = folder ?? (await mkdtemp(join(tmpdir(), 'banyan-sponsor-')))
  const disk = await openNodeDisk(path)
  const sponsor = await openSponsor({
    client: createClient({ url }),
    account: payer,
    policy,
    disk,
    provider,
    ...(now && { now }),
  })
  let isClosed = false
  const close = async (): Promise<void> => {
    if (isClosed) return
    isClosed = true
    await sponsor.close()
    await disk.close()
  }
  opened.push(async () => {
    await close()
    await rm(path, { recursive: true, force: true })
  })
  return { ...sponsor, close, folder: path }
}

async function serve(sponsor: Sponsor, isOperator = true) {
  const failures: unknown[] = []
  const handler = createSponsorHandler(sponsor, {
    origins: ['https://app.example'],
    mayReadStatements: () => isOperator,
    onFailure: (error) => failures.push(error),
  })
  const server = createServer(toListener(handler))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  opened.push(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(() => resolve()))
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/sponsor`, failures }
}

/** A transaction that the user signed for this sponsor, as its client would ask for. */
async function requestOf(user: KeyAccount, request: SendRequest, sponsor: Sponsor): Promise<Uint8Array> {
  let asked: Uint8Array | undefined
  const answers: typeof fetch = async (input, init) => {
    if (!String(input).startsWith('http://sponsor')) return fetch(input, init)
    if (init?.body === undefined) return new Response(JSON.stringify({ sponsor: sponsor.address }))
    const { envelope } = JSON.parse(String(init.body)) as { envelope: string }
    asked = Uint8Array.from(envelope.slice(2).match(/../g)!, (pair) => Number.parseInt(pair, 16))
    return new Response('{}')
  }
  const client = createClient({ url, fetch: answers })
  const prepared = await prepareTransaction(client, {
    ...request,
    account: user,
    sponsor: { url: 'http://sponsor' },
  })
  await signTransaction(client, { prepared, account: user }).catch(() => undefined)
  return asked!
}

const refusalOf = (work: Promise<unknown>) =>
  work.then(
    () => 'granted',
    (error: { kind?: string; message: string }) => `${error.kind}: ${error.message}`,
  )

test('LED-15: people who own nothing use an application, which pays and gets a statement that equals the receipts', async () => {
  const sponsor = await open(generous)
  const { url: at, failures } = await serve(sponsor)
  const asset = tokenAddress(0)
  const before = await getBalance(createClient({ url }), { address: payer.address })
  const fees: bigint[] = []
  for (let i = 0; i < 3; i++) {
    const user = newUser()
    const client = createClient({ url, account: user, sponsor: { url: at } })
    const approve = `0x095ea7b3${shop.address.slice(2).padStart(64, '0')}${'1'.padStart(64, '0')}` as const
    const receipt = await send(client, { calls: [{ to: asset, data: approve }] }).final
    fees.push(receipt.fee)
    expect(await getBalance(client, { address: user.address })).toBe(0n)
  }
  const total = fees.reduce((sum, fee) => sum + fee, 0n)
  expect(await getBalance(createClient({ url }), { address: payer.address })).toBe(before - total)
  const month = new Date().toISOString().slice(0, 7)
  const told = (await (await fetch(`${at}/statements/${month}`)).json()) as Record<keyof Statement, unknown>
  expect(told).toMatchObject({
    month,
    sponsor: payer.address,
    total: { count: 3, fee: String(total) },
    open: { count: 0, fee: '0' },
    methods: [{ method: `${asset} 0x095ea7b3`, count: 3, fee: String(total) }],
    userCount: 3,
  })
  for await (const { id, fee, status } of sponsor.items(month)) {
    expect(status).toBe('success')
    expect((await getReceipt(createClient({ url }), { id })).fee).toBe(fee)
  }
  expect(failures).toEqual([])
})

test('LED-15: a policy bounds calls, fee, rate, users and the budget of a month', async () => {
  const friend = newUser().address
  const payment: SendRequest = { calls: [{ to: friend, value: 0n }] }
  const approve: SendRequest = {
    calls: [{ to: tokenAddress(0), data: `0x095ea7b3${'01'.padStart(64, '0').repeat(2)}` }],
  }
  const only = await open({ ...generous, allowed: [{ to: tokenAddress(0), methods: ['0x095ea7b3'] }] })
  const user = newUser()
  expect(await refusalOf(only.grant(await requestOf(user, payment, only)))).toMatch(
    /SponsorshipRefused.*does not cover payment/,
  )
  expect(await refusalOf(only.grant(await requestOf(user, approve, only)))).toBe('granted')
  const mixed = {
    calls: [...('calls' in approve ? approve.calls : []), ...('calls' in payment ? payment.calls : [])],
  }
  expect(await refusalOf(only.grant(await requestOf(user, mixed, only)))).toMatch(/does not cover/)

  const mean = await open({ ...generous, maxFee: 10n })
  expect(await refusalOf(mean.grant(await requestOf(user, payment, mean)))).toMatch(/may cost up to/)

  const slow = await open({ ...generous, rate: { count: 2, windowMs: 3_600_000 } })
  for (const expected of ['granted', 'granted', /may send again at/]) {
    expect(await refusalOf(slow.grant(await requestOf(user, payment, slow)))).toMatch(expected)
  }
  expect(await refusalOf(slow.grant(await requestOf(newUser(), payment, slow)))).toBe('granted')

  const closed = await open({ ...generous, isUser: (address) => address === user.address })
  expect(await refusalOf(closed.grant(await requestOf(newUser(), payment, closed)))).toMatch(/does not know/)

  const [first, second] = [await requestOf(user, payment, slow), await requestOf(newUser(), payment, slow)]
  const { maxFee } = await slow.grant(second)
  const poor = await open({ ...generous, budgetPerMonth: maxFee + maxFee / 2n })
  // Both at the same time: the budget is enough for one.
  const outcomes = await Promise.all([first, second].map((envelope) => refusalOf(poor.grant(envelope))))
  expect(outcomes.filter((outcome) => outcome === 'granted').length).toBe(1)
  expect(outcomes.join()).toMatch(/the budget of \d{4}-\d{2} is used up/)
})

test('LED-15: promises are kept over a restart, asked for twice they count once, and what was not used is freed', async () => {
  let time = Date.now()
  const user = newUser()
  const payment: SendRequest = { calls: [{ to: shop.address }] }
  const sponsor = await open(generous, { now: () => time })
  const envelope = await requestOf(user, payment, sponsor)
  const promise = await sponsor.grant(envelope)
  const tight = { ...generous, budgetPerMonth: promise.maxFee }
  await sponsor.close()
  const again = await open(tight, { folder: sponsor.folder, now: () => time })
  const other = await requestOf(newUser(), payment, again)
  expect(await refusalOf(again.grant(other))).toMatch(/budget/)
  expect(await again.grant(envelope)).toEqual(promise)
  // Nobody has sent it: after its validity it costs nothing.
  while ((await again.settle()) > 0) await new Promise((resolve) => setTimeout(resolve, 200))
  const month = new Date(time).toISOString().slice(0, 7)
  expect(await again.statement(month)).toMatchObject({ total: { count: 1, fee: 0n }, open: { count: 0 } })
  const fresh = await requestOf(newUser(), payment, again)
  expect(await refusalOf(again.grant(fresh))).toBe('granted')
  time += 40 * 24 * 3_600_000
  expect(await refusalOf(again.grant(await requestOf(newUser(), payment, again)))).toBe('granted')
  await expect(again.statement('1999-01')).rejects.toMatchObject({ kind: 'StatementUnknown' })
})

test('LED-3, LED-15: a sponsor signs for nobody else, and for nothing that its account has not signed', async () => {
  const sponsor = await open(generous)
  const user = newUser()
  const envelope = await requestOf(user, { calls: [{ to: shop.address }] }, sponsor)
  const forged = envelope.slice()
  forged[forged.length - 1]! ^= 1
  expect(await refusalOf(sponsor.grant(forged))).toMatch(/has not signed|SignatureInvalid|Malformed/)
  const thief: KeyAccount = { ...newUser(), address: user.address }
  const stolen = await requestOf(thief, { calls: [{ to: shop.address }] }, sponsor)
  expect(await refusalOf(sponsor.grant(stolen))).toMatch(/its account has not signed it/)
  const elsewhere = await requestOf(
    user,
    { calls: [{ to: shop.address }] },
    { ...sponsor, address: shop.address },
  )
  expect(await refusalOf(sponsor.grant(elsewhere))).toMatch(/names another sponsor/)
  const client = createClient({ url })
  const transfer = await prepareTransaction(client, { to: user.address, amount: 1n, account: shop })
  const { envelope: plain } = await signTransaction(client, { prepared: transfer, account: shop })
  expect(await refusalOf(sponsor.grant(plain))).toMatch(/only native transactions/)
  expect(await refusalOf(sponsor.grant(new Uint8Array(3)))).toMatch(/Transaction/)
})

test('LED-15: the HTTP face answers pages of its origins, keeps statements to operators, and takes no oversized bodies', async () => {
  const sponsor = await open(generous)
  const { url: at } = await serve(sponsor, false)
  const post = (body: string, headers = {}) => fetch(at, { method: 'POST', body, headers })
  const preflight = await fetch(at, { method: 'OPTIONS', headers: { origin: 'https://app.example' } })
  expect(preflight.headers.get('access-control-allow-origin')).toBe('https://app.example')
  const strange = await fetch(at, { headers: { origin: 'https://other.example' } })
  expect(strange.headers.get('access-control-allow-origin')).toBeNull()
  expect(await (await fetch(at)).json()).toEqual({ sponsor: payer.address })
  const nameOf = async (response: Response) =>
    ((await response.json()) as { error: { name: string } }).error.name
  expect(await nameOf(await fetch(`${at}/statements/2026-11`))).toBe('OriginRefused')
  expect(await nameOf(await post('{}'))).toBe('RequestMalformed')
  expect(await nameOf(await post('x'.repeat(2 ** 19)))).toBe('RequestLimitExceeded')
  expect(await nameOf(await post(JSON.stringify({ envelope: '0x7b01' })))).toBe('TransactionMalformed')
  const user = newUser()
  const refused = await post(
    JSON.stringify({
      envelope: toHex(
        await requestOf(user, { calls: [{ to: shop.address }] }, { ...sponsor, address: shop.address }),
      ),
    }),
  )
  expect(refused.status).toBe(403)
})

test('LED-3: for an account with a policy its signers and its session keys are paid for, and nobody else', async () => {
  const { url: sponsorUrl } = await serve(await open(generous))
  const owner = ed25519Account(newSecret())
  const [first, second, session, stranger] = [newUser(), newUser(), newUser(), newUser()]
  const own = createClient({ url, account: owner, sponsor: { url: sponsorUrl } })
  const rules = { abi: accountAbi, address: toHex(contractAddress('banyan/account')) } as const
  await send(createClient({ url, account: shop }), { to: owner.address, amount: oneFig }).final
  const { height } = await getStatus(own)
  const until = BigInt(height + 1_000)
  const friend = newUser().address
  const limits = [{ asset: 0, cap: oneFig }]
  const session1 = [session.address, until, 100n, [friend], limits] as const
  await callContract(own, { ...rules, name: 'addSession', args: session1 }).final
  const policy = [1, [first.address, second.address]] as const
  await callContract(own, { ...rules, name: 'setPolicy', args: policy }).final

  /** The account of the owner, for which another key signs. */
  const pay = (signer: KeyAccount, amount: bigint) =>
    send(own, { account: { ...signer, address: owner.address }, to: friend, amount }).final
  await pay(second, 3n)
  await pay(session, 4n)
  expect(await getBalance(own, { address: friend })).toBe(7n)
  expect(await getBalance(own, { address: owner.address })).toBe(oneFig - 7n)
  for (const signer of [owner, stranger])
    await expect(pay(signer, 5n)).rejects.toMatchObject({ kind: 'SponsorshipRefused' })
})
