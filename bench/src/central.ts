import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createAccount,
  createAttempts,
  createCredentials,
  createKey,
  openCentral,
  openLogStore,
} from '@banyan/central'
import { createVault, sessionMac } from '@banyan/central/node'
import { createSessions } from '@banyan/central-link'
import { native } from '@banyan/crypto/native'
import { openNodeDisk } from '@banyan/storage/node'
import type { Bench, BenchContext, Row } from './runner/benchmark.js'

const pepper = new Uint8Array(32).fill(1)
const cheap = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

function times(count: number, once: (index: number) => void): () => void {
  return () => {
    for (let i = 0; i < count; i++) once(i)
  }
}

/** A region, a miner and an enterprise with a key each, in a central on a real disk. */
async function openWorld(folder: string) {
  const vault = await createVault(pepper)
  const central = await openCentral({
    store: await openLogStore(await openNodeDisk(folder), native),
    crypto: native,
    vault,
    authorities: [],
    now: Date.now,
    writes: true,
    onFailure: () => undefined,
  })
  const sessions = createSessions(sessionMac(pepper))
  const credentials = createCredentials({
    state: central.state,
    vault,
    attempts: createAttempts(),
    sessions,
    now: Date.now,
  })
  const make = async (kind: 'region' | 'miner' | 'enterprise', scope: 'link' | 'join' | 'work') => {
    const tier = kind === 'miner' ? ({ tier: 4 } as const) : {}
    const { id } = await central.change('bench', (context) =>
      createAccount(context, { kind, name: kind, ...tier }),
    )
    const { key } = await central.change('bench', (context) => createKey(context, id, [scope], undefined))
    return { id, key }
  }
  return { central, credentials, sessions, vault, make }
}

async function checkRows(
  context: BenchContext,
  { credentials, sessions, make }: Awaited<ReturnType<typeof openWorld>>,
): Promise<readonly Row[]> {
  const count = context.quick ? 20_000 : 100_000
  const region = await make('region', 'link')
  const miner = await make('miner', 'join')
  const enterprise = await make('enterprise', 'work')
  const now = Date.now()
  const token = sessions.issue({
    account: enterprise.id,
    parent: undefined,
    credential: 'a'.repeat(24),
    generation: 1,
    scopes: ['work'],
    tiers: [1, 2, 3, 4],
    issued: now,
    expires: now + 600_000,
  })
  const text = Buffer.from(token)
  const bare = await context.median(
    count,
    times(count, () => createHmac('sha256', pepper).update(text).digest()),
  )
  const against = { name: 'a keyed hash alone', value: bare.cpuMicros }
  const micros = async (what: string, goal: number | undefined, once: () => void): Promise<Row> => {
    const rate = await context.median(count, times(count, once))
    const row: Row = { what, unit: 'CPU µs', ours: rate.cpuMicros, against, better: 'less' }
    return goal === undefined ? row : { ...row, goal }
  }
  const join = {
    region: region.id,
    regionKey: region.key,
    miner: miner.id,
    minerKey: miner.key,
    address: 'here',
  }
  return [
    await micros('check of a session token', 20, () => sessions.check(token, now)),
    await micros('check of an API key', undefined, () => credentials.checkKey(enterprise.key, 'here')),
    await micros('a miner joins: both pairs of credentials', 50_000, () => credentials.checkJoin(join)),
  ]
}

async function hashRows(context: BenchContext): Promise<readonly Row[]> {
  const small = await createVault(pepper, cheap)
  const peer = await context.median(4, async () => {
    for (let i = 0; i < 4; i++) await small.hashPassword('four words make one')
  })
  const vault = await createVault(pepper)
  const ours = await context.median(2, async () => {
    for (let i = 0; i < 2; i++) await vault.hashPassword('four words make one')
  })
  const against = { name: 'with 19 MiB and two passes', value: peer.cpuMicros / 1e3 }
  return [
    { what: 'password hash, at least', unit: 'CPU ms', ours: ours.cpuMicros / 1e3, against, goal: 100 },
    {
      what: 'password hash, at most',
      unit: 'ms',
      ours: 1e3 / ours.perSecond,
      against,
      goal: 500,
      better: 'less',
    },
  ]
}

async function commandRow(
  context: BenchContext,
  { central }: Awaited<ReturnType<typeof openWorld>>,
): Promise<Row> {
  const count = context.quick ? 200 : 1_000
  const rate = await context.median(count, async () => {
    for (let i = 0; i < count; i++)
      await central.change('bench', (made) => createAccount(made, { kind: 'developer', name: `${i}` }))
  })
  return { what: 'commands, each durable', unit: 'op/s', ours: rate.perSecond, cpuMicros: rate.cpuMicros }
}

async function run(context: BenchContext): Promise<readonly Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'banyan-bench-central-'))
  try {
    const world = await openWorld(folder)
    const rows = [
      ...(await checkRows(context, world)),
      ...(await hashRows(context)),
      await commandRow(context, world),
    ]
    await world.central.close()
    return rows
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export const bench: Bench = {
  name: 'central',
  title: 'Central: checks of credentials, password hashes, durable commands',
  run,
}
