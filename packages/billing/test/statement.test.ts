import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  amountOf,
  decodeStatement,
  encodeStatement,
  makeReceipt,
  makeStatement,
  openBook,
  openSettlement,
  type Receipt,
  type Statement,
  type StatementPart,
  statementCsv,
  statementLines,
  verifyReceipt,
  verifyStatement,
} from '@banyan/billing'
import { statementPdf, writeStatementParquet } from '@banyan/billing/node'
import { portable } from '@banyan/crypto'
import { native } from '@banyan/crypto/native'
import { createSimulatedDisk } from '@banyan/storage/simulated'
import { createRandom, testSeed } from '@banyan/testing'
import { DuckDBInstance } from '@duckdb/node-api'
import { beforeAll, expect, test } from 'vitest'
import { account, day, newCharge } from './support/charges.js'
import { createFakeChain, operatorAccount } from './support/fake-chain.js'

const { keccak256 } = native
const fig = 10n ** 18n
const small = account('small')
const enterprise = account('enterprise 1')
const statements = new Map<string, Statement>()

beforeAll(async () => {
  const random = createRandom(testSeed('statements'))
  const chain = createFakeChain(random, { faults: 0, limitOf: () => 10n ** 30n, consents: () => true })
  chain.balances.set(operatorAccount, 10n ** 30n)
  const disk = await createSimulatedDisk().open()
  const book = await openBook({ disk, region: 'north', keccak256, now: () => day + 43_200_000 })
  const options = {
    book,
    chain,
    gateway: chain.gateway,
    region: 'north',
    keccak256,
    leastPayout: 2n * fig,
    now: () => 0,
  }
  const settlement = await openSettlement(options)
  for (let i = 0; i < 4; i++) {
    const charges = Array.from({ length: 40 }, () => newCharge(random))
    await book.append([
      ...charges,
      newCharge(random, { contributor: small, price: 1_500_000n, rate: 10n ** 12n }),
    ])
    await settlement.settle(`2026-11-${20 + i}`)
  }
  await settlement.settle('2026-12-01')
  for (const who of [small, enterprise, account('operator')])
    statements.set(who, await makeStatement({ book, region: 'north', account: who, month: '2026-11' }))
  await book.close()
})

const of = (who: string) => statements.get(who)!
const copy = (statement: Statement) => decodeStatement(encodeStatement(statement)) as Statement

test('BIL-7: a statement has every row of its account, and its transfers are what was paid', () => {
  const statement = of(enterprise)
  expect(statement.parts).toHaveLength(4)
  const found = verifyStatement(copy(statement), portable.keccak256)
  expect(found.paidIn).toBe(statement.parts.reduce((sum, part) => sum + part.total, 0n))
  expect(found.transfers).toHaveLength(4)
  expect(found.open).toBe(0n)
  const lines = [...statementLines(statement, keccak256)]
  expect(lines).toHaveLength(found.rows)
  expect(lines.reduce((sum, { pip }) => sum + pip, 0n)).toBe(found.paidIn)
  for (const line of lines) {
    expect(line.transfer!.height).toBeGreaterThan(0)
    expect(line.pip).toBe(line.micro * line.rate)
  }
})

test('BIL-7: what was carried over is followed from period to period', () => {
  const statement = of(small)
  expect(statement.parts.map(({ isCarriedOver }) => isCarriedOver)).toContain(true)
  const found = verifyStatement(statement, keccak256)
  expect(found.paidOut + found.open).toBe(statement.parts.reduce((sum, part) => sum + part.total, 0n))
  expect(found.paidOut).toBe(
    statement.parts
      .filter(({ transfer }) => transfer !== undefined)
      .reduce((sum, part) => sum + amountOf({ ...part, account: small }), 0n),
  )
})

test('BIL-7: a statement that was changed anywhere is refused', () => {
  const statement = of(enterprise)
  const other = of(account('operator'))
  const refusal =
    (change: (parts: StatementPart[]) => StatementPart[], rest: Partial<Statement> = {}) =>
    () =>
      verifyStatement({ ...statement, ...rest, parts: change([...statement.parts]) }, keccak256)
  const first = (change: Partial<StatementPart>) => (parts: StatementPart[]) => [
    { ...parts[0]!, ...change },
    ...parts.slice(1),
  ]
  const part = statement.parts[0]!
  const [row, ...rest] = part.rows
  expect(refusal((parts) => parts)).not.toThrow()
  expect(refusal(first({ rows: rest }))).toThrow('another root')
  expect(refusal(first({ rows: [row!, ...part.rows] }))).toThrow('rise strictly')
  expect(refusal(first({ rows: [...rest, row!] }))).toThrow('rise strictly')
  const dearer = `${row!.slice(0, 66)}${(1).toString().padStart(2, '0')}${row!.slice(68)}` as const
  expect(refusal(first({ rows: [dearer as `0x${string}`, ...rest] }))).toThrow(/root|schema/)
  expect(refusal(first({ rows: [other.parts[0]!.rows.find((each) => !part.rows.includes(each))!] }))).toThrow(
    'moves nothing',
  )
  expect(refusal(first({ total: part.total + 1n }))).toThrow('another sum')
  expect(refusal(first({ count: part.count + 1 }))).toThrow('another sum')
  expect(refusal(first({ xor: part.root }))).toThrow('XOR')
  expect(refusal(first({ anchor: part.root }))).toThrow('another anchor')
  expect(refusal(first({ carried: 1n }))).toThrow('another anchor')
  expect(refusal(first({ period: '2026-11-30' }))).toThrow('another anchor')
  expect(refusal(first({ period: '2026-12-01' }))).toThrow('another month')
  expect(refusal((parts) => [parts[0]!, ...parts])).toThrow('stands twice')
  expect(refusal((parts) => parts, { region: 'south' })).toThrow('another anchor')
  expect(refusal((parts) => parts, { account: account('enterprise 2') })).toThrow('moves nothing')
})

test('BIL-7: a statement that leaves out a carried amount, or pays it and carries it, is refused', () => {
  const statement = of(small)
  const { parts } = statement
  const carried = parts.findIndex(({ isCarriedOver }) => isCarriedOver)
  const without = parts.filter((_, i) => i !== carried)
  if (carried > 0) expect(() => verifyStatement({ ...statement, parts: without }, keccak256)).toThrow('carr')
  const transfer = { id: '0x01', height: 1, isAdvance: false } as const
  const paid = parts.map((part, i) => (i === carried ? { ...part, transfer } : part))
  expect(() => verifyStatement({ ...statement, parts: paid }, keccak256)).toThrow('carr')
  const unpaid = parts.map(({ transfer: _, ...part }) => part)
  expect(() => verifyStatement({ ...statement, parts: unpaid }, keccak256)).toThrow('leaves out')
})

test('BIL-7: the receipt of one charge is checked without the other charges', () => {
  const statement = of(enterprise)
  for (const { id, period, direction } of statementLines(statement, keccak256)) {
    const receipt = decodeStatement(
      encodeStatement(makeReceipt(statement, { id, period, direction }, keccak256)),
    ) as Receipt
    verifyReceipt(receipt, portable.keccak256)
    if (receipt.proof.index > 2 || receipt.row === statement.parts[3]!.rows[0]) continue
    const wrong = (change: Partial<Receipt>) => () => verifyReceipt({ ...receipt, ...change }, keccak256)
    expect(wrong({ region: 'south' })).toThrow('another anchor')
    expect(wrong({ part: { ...receipt.part, total: receipt.part.total + 1n } })).toThrow('another root')
    expect(wrong({ part: { ...receipt.part, count: receipt.part.count + 1 } })).toThrow('another root')
    expect(wrong({ part: { ...receipt.part, anchor: receipt.part.root } })).toThrow('another anchor')
    expect(wrong({ row: statement.parts[3]!.rows[0]! })).toThrow('another root')
  }
  const missing = { id: `0x${'00'.repeat(16)}`, period: '2026-11-20', direction: 'in' } as const
  expect(() => makeReceipt(statement, missing, keccak256)).toThrow('No proof')
})

test('BIL-7: files that are no statements are told so', () => {
  const text = encodeStatement(of(enterprise))
  expect(() => decodeStatement('{')).toThrow('no JSON')
  expect(() => decodeStatement('[]')).toThrow('neither')
  expect(() => decodeStatement(text.replaceAll('"total"', '"totals"'))).toThrow('missing')
  expect(() => decodeStatement(text.replaceAll('"rows":[', '"rows":[7,'))).toThrow('missing')
  expect(() => decodeStatement('{"format":"banyan-receipt/1","region":"a"}')).toThrow('missing')
})

test('BIL-7: a file with amounts that its hashes cannot tell apart is refused', () => {
  const statement = of(enterprise)
  const [first, ...others] = statement.parts
  // An anchor holds an amount in 16 bytes, in which one and the same stand for both.
  const inflated = { ...statement, parts: [{ ...first!, carried: first!.carried + 2n ** 128n }, ...others] }
  expect(verifyStatement(inflated, keccak256).paidIn).toBeGreaterThan(2n ** 127n)
  for (const carried of [2n ** 128n, -1n]) {
    const text = encodeStatement({ ...statement, parts: [{ ...first!, carried }, ...others] })
    expect(() => decodeStatement(text)).toThrow('another type')
  }
})

test('BIL-7: tables have a line for each row, and no cell runs as a formula', async () => {
  const statement = of(enterprise)
  const csv = statementCsv(statement, keccak256)
  const lines = csv.trimEnd().split('\r\n')
  const rows = [...statementLines(statement, keccak256)]
  expect(lines).toHaveLength(rows.length + 1)
  expect(lines[1]).toContain(rows[0]!.transfer!.id)
  expect(lines[1]).toContain(rows[0]!.anchor)

  const random = createRandom(testSeed('formulas'))
  const disk = await createSimulatedDisk().open()
  const book = await openBook({ disk, region: 'north', keccak256, now: () => day + 1 })
  await book.append([
    { ...newCharge(random, { enterprise, price: 9n, subsidy: 0n }), dservice: '=1+1', tier: 'a,"b"' },
  ])
  const chain = createFakeChain(random, { faults: 0, limitOf: () => 10n ** 30n, consents: () => true })
  const options = {
    book,
    chain,
    gateway: chain.gateway,
    region: 'north',
    keccak256,
    leastPayout: 0n,
    now: () => 0,
  }
  await (await openSettlement(options)).settle('2026-11-21')
  const strange = statementCsv(
    await makeStatement({ book, region: 'north', account: enterprise, month: '2026-11' }),
    keccak256,
  )
  expect(strange).toContain(`,'=1+1,"a,""b""",`)
})

test('BIL-7: a statement is written as Parquet and as PDF', async () => {
  const statement = of(enterprise)
  const rows = [...statementLines(statement, keccak256)]
  const folder = await mkdtemp(join(tmpdir(), 'banyan-statement-'))
  const file = join(folder, 'statement.parquet')
  await writeStatementParquet(statement, file)
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const read = await connection.runAndReadAll(`SELECT charge, pip FROM '${file}'`)
  expect(read.getRows()).toEqual(rows.map(({ id, pip }) => [id, String(pip)]))
  connection.closeSync()
  instance.closeSync()
  await rm(folder, { recursive: true })
  const pdf = await statementPdf(statement)
  expect(new TextDecoder('latin1').decode(pdf.subarray(0, 5))).toBe('%PDF-')
  const pages = new TextDecoder('latin1').decode(pdf).match(/\/Type \/Page\b/g)
  expect(pages!.length).toBe(1 + Math.ceil(rows.length / 66))
})
