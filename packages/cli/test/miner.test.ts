import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toHex } from '@banyan/base'
import { native } from '@banyan/crypto/native'
import { signRelease } from '@banyan/dservice'
import { folderRegistry, packageFolder } from '@banyan/dservice/node'
import { accountsOf, makeKey, type OpenRegion, openRegion, type WorkRecord } from '@banyan/region'
import { testTier } from '@banyan/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Command, newPlace, type Place, start } from './banyan.js'

/** A region, miners as processes of the command, and a DService on them. */

const server = `require('node:http').createServer((request, response) => {
  if (request.url === '/health') return response.end('ok')
  setTimeout(() => response.end(request.url), 20)
}).listen(Number(process.env.PORT), '127.0.0.1')`

const developer = new Uint8Array(32).fill(1)
const authority = new Uint8Array(32).fill(2)
const folder = mkdtempSync(join(tmpdir(), 'banyan-compute-'))
const registry = join(folder, 'registry')
const token = join(folder, 'token')
const clientKey = makeKey()
const minerKey = makeKey()
const records: WorkRecord[] = []
let place: Place
let region: OpenRegion

async function publish(): Promise<void> {
  const source = mkdtempSync(join(folder, 'source-'))
  const manifest = {
    format: 1,
    name: 'sample',
    version: '1.0.0',
    description: 'Answers its path.',
    files: ['server.cjs'],
    command: ['node', 'server.cjs'],
    concurrency: 8,
    memoryMiB: 128,
  }
  writeFileSync(join(source, 'dservice.json'), JSON.stringify(manifest))
  writeFileSync(join(source, 'server.cjs'), server)
  const made = await packageFolder(native, source, () => undefined)
  const byDeveloper = signRelease(native, made.release, 'developer', developer)
  await folderRegistry(registry).publish({
    ...made,
    release: signRelease(native, byDeveloper, 'authority', authority),
  })
}

beforeAll(async () => {
  place = newPlace()
  // As root the workloads are another user, who must get through.
  chmodSync(folder, 0o755)
  writeFileSync(token, minerKey.key, { mode: 0o600 })
  await publish()
  const any = { host: '127.0.0.1', port: 0 }
  region = await openRegion({
    region: 'here',
    folder: join(folder, 'region'),
    accounts: accountsOf(
      {
        clients: [{ account: 'alice', key: clientKey.digest, tiers: [1] }],
        miners: ['m1', 'm2'].map((miner) => ({ miner, key: minerKey.digest, tier: 1 })),
      },
      'here',
    ),
    work: any,
    miners: any,
    status: any,
    completed: (record) => records.push(record),
    failed: (error) => {
      throw error
    },
  })
})
afterAll(async () => {
  await region.stop(0)
  place.remove()
  rmSync(folder, { recursive: true })
})

function startMiner(name: string, ...extra: readonly string[]): Command {
  return start(place, [
    ...['miner', 'join', `http://127.0.0.1:${region.ports.miners}`, '--name', name, '--token-file', token],
    ...['--registry', registry, '--dservices', 'sample@1.0.0', '--status-port', '0', '--instances', '1'],
    ...[
      '--authorities',
      toHex(native.ed25519.publicKey(authority)),
      '--data',
      join(folder, 'data', name),
      ...extra,
    ],
  ])
}

const has = (name: string): boolean => region.region.broker.minersById.has(name)
const ask = (path: string): Promise<Response> =>
  fetch(`http://127.0.0.1:${region.ports.work}/sample${path}`, {
    headers: { authorization: `Bearer ${clientKey.key}` },
  })

describe('CMP-5: a region, the command, and a DService', () => {
  test('CMP-5: who joins by one command works at once, is measured, and leaves in order', {
    timeout: 60_000,
  }, async () => {
    const miner = startMiner('m1', '--isolation', 'process', '--allow-plain-process')
    await expect.poll(() => has('m1'), { timeout: 40_000 }).toBe(true)
    const answer = await ask('/one?two')
    expect([answer.status, await answer.text()]).toEqual([200, '/one?two'])
    await expect.poll(() => records.length).toBe(1)
    expect(records[0]).toMatchObject({ miner: 'm1' })
    miner.signal('SIGINT')
    const { code, out } = await miner.ended
    expect(code).toBe(0)
    expect(out).toMatch(/^1 requests, 0 of them failed/)
  })

  const isolated = existsSync('/usr/bin/bwrap')
  const reason =
    testTier() === 'push' ? ' (runs in the full tier)' : isolated ? '' : ' (skipped: bwrap is not installed)'
  test.skipIf(reason !== '')(
    `CMP-3: a miner is killed each second, and no client sees an error${reason}`,
    { timeout: 300_000 },
    async () => {
      const running = new Map<string, Command>()
      const launch = (name: string): void =>
        void running.set(name, startMiner(name, '--isolation', 'bubblewrap'))
      launch('m1')
      launch('m2')
      await expect.poll(() => has('m1') && has('m2'), { timeout: 60_000 }).toBe(true)

      const seen = { answers: 0, wrong: [] as string[], kills: 0 }
      let isOver = false
      const client = async (id: number): Promise<void> => {
        for (let i = 0; !isOver; i++) {
          const path = `/${id}/${i}`
          const outcome = await ask(path).then(
            async (answer) =>
              answer.status === 200 && (await answer.text()) === path ? undefined : `status ${answer.status}`,
            String,
          )
          if (outcome === undefined) seen.answers++
          else seen.wrong.push(outcome)
        }
      }
      const clients = [1, 2, 3, 4].map(client)
      for (let second = 0; second < 120 && seen.kills < 10; second++) {
        await new Promise((resolve) => setTimeout(resolve, 1_000))
        // Where one is just coming back, the other is left alone: that none is there is another matter.
        if (!has('m1') || !has('m2')) continue
        const name = second % 2 === 0 ? 'm1' : 'm2'
        running.get(name)!.signal('SIGKILL')
        await running.get(name)!.ended
        seen.kills++
        launch(name)
      }
      isOver = true
      await Promise.all(clients)
      for (const miner of running.values()) miner.signal('SIGTERM')
      await Promise.all([...running.values()].map(({ ended }) => ended))
      expect(seen.wrong).toEqual([])
      expect(seen.kills).toBe(10)
      expect(seen.answers).toBeGreaterThan(100)
      console.log(`${seen.answers} answers, ${seen.kills} miners killed`)
    },
  )
})
