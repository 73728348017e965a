import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openJournal } from '@banyan/region'
import { connectMiner } from '@banyan/tunnel/node'
import { afterEach, describe, expect, test } from 'vitest'
import { tell } from './live-region.js'

const program = fileURLToPath(new URL('../bin/banyan-region.js', import.meta.url))
const docs = fileURLToPath(new URL('../../../docs/compute.md', import.meta.url))
const ends: (() => unknown)[] = []

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const run = (...args: string[]): string =>
  execFileSync(process.execPath, [program, ...args], { encoding: 'utf8' })

type Ports = { readonly work: number; readonly miners: number; readonly status: number }

/** Starts the program in a folder, and waits until it is ready. */
async function start(folder: string): Promise<{ child: ChildProcess; ports: Ports }> {
  const args = ['run', '--config', join(folder, 'region.json'), '--work-port', '0', '--miners-port', '0']
  const child = spawn(process.execPath, [program, ...args, '--status-port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  ends.push(() => child.kill('SIGKILL'))
  let text = ''
  for await (const part of child.stdout as AsyncIterable<Buffer>) {
    text += part.toString()
    const line = text.split('\n').find((candidate) => candidate.includes('"ready"'))
    if (line !== undefined) return { child, ports: JSON.parse(line) as Ports }
  }
  throw new Error(`the region did not start: ${text}`)
}

describe('CMP-1: the program of a region', () => {
  test('CMP-1: it does work, and a kill leaves a record for every answer that arrived', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'banyan-region-program-'))
    ends.push(() => rmSync(folder, { recursive: true }))
    const client = JSON.parse(run('key')) as { key: string; digest: string }
    const minerKey = JSON.parse(run('key')) as { key: string; digest: string }
    writeFileSync(
      join(folder, 'accounts.json'),
      JSON.stringify({
        clients: [{ account: 'alice', key: client.digest, tiers: [1] }],
        miners: [{ miner: 'm1', key: minerKey.digest, tier: 1 }],
      }),
    )
    writeFileSync(join(folder, 'region.json'), JSON.stringify({ folder: 'journal', ackMs: 10_000 }))
    const { child, ports } = await start(folder)
    const services = [{ name: 'echo', version: '1', concurrency: 8, warm: true }]
    const url = `ws://127.0.0.1:${ports.miners}`
    const miner = connectMiner({ url, miner: 'm1', key: minerKey.key, services, maxRequests: 8 }, tell)
    ends.push(miner.close)
    await expect
      .poll(async () => (await (await fetch(`http://127.0.0.1:${ports.status}/status`)).json()) as object)
      .toMatchObject({ miners: 1 })
    const answered: string[] = []
    const headers = { authorization: `Bearer ${client.key}` }
    const ask = async (): Promise<void> => {
      for (;;) {
        const response = await fetch(`http://127.0.0.1:${ports.work}/echo/`, { headers })
        await response.text()
        answered.push(response.headers.get('banyan-request')!)
        if (answered.length === 50) child.kill('SIGKILL')
      }
    }
    await Promise.allSettled(Array.from({ length: 4 }, ask))
    const journal = await openJournal(join(folder, 'journal'), () => undefined)
    ends.push(journal.close)
    const recorded: string[] = []
    for await (const { records } of journal.read(1)) recorded.push(...records.map((record) => record.id))
    expect(answered.length).toBeGreaterThanOrEqual(50)
    expect(answered.filter((id) => !recorded.includes(id))).toEqual([])
    expect(new Set(recorded).size).toBe(recorded.length)
  })

  test('CMP-1: SIGTERM ends it in order; what it cannot use it explains', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'banyan-region-program-'))
    ends.push(() => rmSync(folder, { recursive: true }))
    writeFileSync(join(folder, 'accounts.json'), '{"clients":[],"miners":[]}')
    writeFileSync(join(folder, 'region.json'), JSON.stringify({ folder: 'journal' }))
    const { child } = await start(folder)
    const exit = once(child, 'exit')
    child.kill('SIGTERM')
    expect(await exit).toEqual([0, null])
    const refused = spawn(process.execPath, [program, 'run', '--work-port', 'x'], { stdio: 'pipe' })
    let text = ''
    refused.stderr.on('data', (bytes: Buffer) => {
      text += bytes.toString()
    })
    expect((await once(refused, 'close'))[0]).toBe(2)
    expect(text).toContain('BYN-1003')
  })

  test('DOC-1: the table of options in docs/compute.md is that of the program', () => {
    const rows = run('help')
      .split('\n')
      .filter((line) => line.startsWith('|'))
    expect(readFileSync(docs, 'utf8')).toContain(rows.join('\n'))
  })
})
