import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Role } from '@banyan/dservice'
import { folderRegistry } from '@banyan/dservice/node'
import { createKeeper, isNewer, type Keeper, type KeeperEvent, keepProgram, stepKeeper } from '@banyan/miner'
import { minerWords, readMinerOptions } from '@banyan/miner/program'
import { createRandom, testSeed } from '@banyan/testing'
import { afterAll, describe, expect, test } from 'vitest'
import { authorityKey, authorityText, publishPackage } from './sample.js'

const limits = { lookMs: 1_000, connectMs: 100, trialMs: 500 }

/** Runs events, and tells the effects of the last one. */
function drive(keeper: Keeper, ...events: readonly (KeeperEvent & { readonly at: number })[]) {
  return events.map(({ at, ...event }) => stepKeeper(keeper, event as KeeperEvent, at)).at(-1)!
}

describe('CMP-5: the keeper of a program', () => {
  test.each([
    ['1.2.10', '1.2.9', true],
    ['1.2.3', '1.2.3', false],
    ['2.0.0-beta.1', '1.9.9', true],
    ['2.0.0', '2.0.0-beta.1', true],
    ['2.0.0-beta.1', '2.0.0', false],
    ['2.0.0-beta.10', '2.0.0-beta.9', true],
    ['2.0.0-beta', '2.0.0-1', true],
    ['2.0.0-a.1', '2.0.0-a', true],
  ])('CMP-5: %s after %s: %s', (version, than, expected) => {
    expect(isNewer(version, than)).toBe(expected)
  })

  test('CMP-5: a newer version takes over when the old one has ended, and is kept after its trial', () => {
    const keeper = createKeeper(limits, '1.0.0', [])
    expect(drive(keeper, { kind: 'begin', at: 0 })).toEqual([{ kind: 'run', version: '1.0.0' }])
    expect(drive(keeper, { kind: 'connected', at: 5 }, { kind: 'tick', at: 10 })).toEqual([{ kind: 'look' }])
    const found = { kind: 'found', versions: ['0.9.0', '1.1.0', '1.0.5'], at: 11 } as const
    expect(drive(keeper, found)).toEqual([{ kind: 'install', version: '1.1.0' }])
    expect(drive(keeper, { kind: 'installed', version: '1.1.0', isGood: true, at: 12 })).toContainEqual({
      kind: 'stop',
      atOnce: false,
    })
    expect(drive(keeper, { kind: 'exited', code: 0, at: 13 })).toEqual([{ kind: 'run', version: '1.1.0' }])
    expect(keeper.kept).toBe('1.0.0')
    drive(keeper, { kind: 'connected', at: 20 })
    expect(drive(keeper, { kind: 'tick', at: 519 })).toEqual([])
    expect(drive(keeper, { kind: 'tick', at: 520 })).toContainEqual({ kind: 'save' })
    expect(keeper.kept).toBe('1.1.0')
  })

  test.each([
    ['that does not connect', [{ kind: 'tick', at: 113 }] as const, { kind: 'stop', atOnce: true }],
    ['that ends at once', [{ kind: 'exited', code: 1, at: 14 }] as const, { kind: 'run', version: '1.0.0' }],
    [
      'that ends during its trial',
      [
        { kind: 'connected', at: 20 },
        { kind: 'exited', code: 0, at: 400 },
      ] as const,
      { kind: 'run', version: '1.0.0' },
    ],
  ])('CMP-5: a version %s is given up, and never tried again', (_, events, effect) => {
    const keeper = createKeeper(limits, '1.0.0', [])
    drive(
      keeper,
      { kind: 'begin', at: 0 },
      { kind: 'connected', at: 5 },
      { kind: 'found', versions: ['1.1.0'], at: 10 },
      { kind: 'installed', version: '1.1.0', isGood: true, at: 12 },
      { kind: 'exited', code: 0, at: 13 },
    )
    expect(drive(keeper, ...events)).toContainEqual(effect)
    if (keeper.running === '1.1.0') drive(keeper, { kind: 'exited', code: 137, at: 150 })
    expect([keeper.kept, keeper.running]).toEqual(['1.0.0', '1.0.0'])
    expect(drive(keeper, { kind: 'found', versions: ['1.1.0'], at: 1_000 })).toEqual([])
  })

  test('CMP-5: what fails before it ever connected fails the whole; what worked is started again, ever later', () => {
    const fresh = createKeeper(limits, '1.0.0', [])
    const ended = drive(fresh, { kind: 'begin', at: 0 }, { kind: 'exited', code: 1, at: 1 })
    expect(ended).toEqual([{ kind: 'ended', code: 1 }])
    const proven = createKeeper(limits, '1.0.0', [])
    drive(proven, { kind: 'begin', at: 0 }, { kind: 'connected', at: 1 }, { kind: 'exited', code: 1, at: 2 })
    expect(drive(proven, { kind: 'tick', at: 1_001 })).not.toContainEqual({ kind: 'run', version: '1.0.0' })
    expect(drive(proven, { kind: 'tick', at: 1_002 })).toContainEqual({ kind: 'run', version: '1.0.0' })
    drive(proven, { kind: 'exited', code: 1, at: 1_003 })
    expect(drive(proven, { kind: 'tick', at: 3_002 })).not.toContainEqual({ kind: 'run', version: '1.0.0' })
    expect(drive(proven, { kind: 'tick', at: 3_003 })).toContainEqual({ kind: 'run', version: '1.0.0' })
  })

  test('CMP-5: whatever happens, one program runs at most, and no bad version twice', () => {
    const random = createRandom(testSeed('keeper'))
    for (let round = 0; round < 200; round++) {
      const keeper = createKeeper(limits, '1.0.0', [])
      const trials: string[] = []
      let running: string | undefined
      let isOver = false
      const take = (event: KeeperEvent, at: number): void => {
        for (const effect of stepKeeper(keeper, event, at)) {
          if (effect.kind === 'run') {
            expect(running).toBeUndefined()
            running = effect.version
            if (running !== keeper.kept) trials.push(running)
          }
          if (effect.kind === 'ended') isOver = true
        }
      }
      take({ kind: 'begin' }, 0)
      for (let at = 1; at < 20_000 && !isOver; at += random.below(200)) {
        const way = random.below(8)
        if (way === 0 && running !== undefined) {
          running = undefined
          take({ kind: 'exited', code: random.below(2) }, at)
        } else if (way === 1 && running !== undefined) take({ kind: 'connected' }, at)
        else if (way === 2) take({ kind: 'found', versions: ['1.1.0', `1.${random.below(6)}.0`] }, at)
        else if (way === 3 && keeper.installing !== undefined)
          take({ kind: 'installed', version: keeper.installing, isGood: random.below(4) > 0 }, at)
        else take({ kind: 'tick' }, at)
      }
      const bad = [...keeper.bad]
      for (const version of bad) expect(trials.filter((one) => one === version)).toHaveLength(1)
      expect(keeper.bad.has(keeper.kept)).toBe(false)
    }
  })
})

describe('CMP-5: programs from a registry', () => {
  const folder = mkdtempSync(join(tmpdir(), 'banyan-keep-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const log = join(folder, 'log')
  const good = `require('node:fs').appendFileSync(process.argv[2], __VERSION + ' ' + process.argv[3] + '\\n')
process.send('connected')
process.on('SIGTERM', () => process.exit(0))
process.on('disconnect', () => process.exit(0))
setInterval(() => undefined, 1000)`
  const programOf = (version: string, text: string) => text.replace('__VERSION', JSON.stringify(version))

  function publish(version: string, text: string, ...roles: readonly Role[]): Promise<void> {
    const manifest = { name: 'banyan-miner', version, command: ['node', 'main.cjs'] }
    const files = { 'main.cjs': programOf(version, text) }
    return publishPackage(folder, join(folder, 'registry'), manifest, files, ...roles)
  }

  test('CMP-5: the newest signed version that works is run; an unsigned and a broken one are not', {
    timeout: 60_000,
  }, async () => {
    const installed = join(folder, 'installed.cjs')
    writeFileSync(installed, programOf('1.0.0', good))
    const data = join(folder, 'data')
    mkdirSync(data)
    const printed: string[] = []
    const begin = () =>
      keepProgram({
        registry: folderRegistry(join(folder, 'registry')),
        authorities: [authorityKey],
        folder: data,
        installed: { version: '1.0.0', command: [process.execPath, installed] },
        words: [log, 'word'],
        limits: { lookMs: 100, connectMs: 20_000, trialMs: 100 },
        print: (line) => printed.push(line),
      })
    const lines = (): readonly string[] => {
      try {
        return readFileSync(log, 'utf8').trim().split('\n')
      } catch {
        return []
      }
    }
    const kept = await begin()
    await expect.poll(lines, { timeout: 20_000 }).toEqual(['1.0.0 word'])
    await publish('1.3.0', good, 'developer')
    await expect
      .poll(() => printed.join(), { timeout: 20_000 })
      .toMatch(/version 1\.3\.0 is not used: .*BYN-/)
    await publish('1.4.0', 'process.exit(3)', 'developer', 'authority')
    await expect
      .poll(() => printed, { timeout: 20_000 })
      .toContain('version 1.4.0 failed; going back to 1.0.0')
    await expect.poll(lines, { timeout: 20_000 }).toEqual(['1.0.0 word', '1.0.0 word'])
    rmSync(join(folder, 'registry'), { recursive: true })
    await publish('1.1.0', good, 'developer', 'authority')
    await expect.poll(() => printed, { timeout: 20_000 }).toContain('version 1.1.0 is kept')
    kept.end()
    expect(await kept.ended).toBe(0)
    expect(lines()).toEqual(['1.0.0 word', '1.0.0 word', '1.1.0 word'])

    // What was kept runs again at the next start, even where no registry is.
    rmSync(join(folder, 'registry'), { recursive: true })
    const again = await begin()
    await expect.poll(lines, { timeout: 20_000 }).toHaveLength(4)
    expect(lines().at(-1)).toBe('1.1.0 word')
    again.end()
    expect(await again.ended).toBe(0)
  })

  test('CMP-5: the command line of a kept program says what its keeper was told', () => {
    const given = {
      region: 'https://region.example',
      tokenFile: 'token',
      registry: 'registry',
      dservices: 'darkroom@1.0.0,counter@0.1.0',
      authorities: authorityText,
      hours: '22:05-06:30',
      maxLoad: '50',
      minBattery: '20',
      isolation: 'process',
      allowPlainProcess: true,
    }
    const words = minerWords(readMinerOptions(given))
    const named = Object.fromEntries(
      words.slice(2).flatMap((word, i, all) => (word.startsWith('--') ? [[word.slice(2), all[i + 1]]] : [])),
    ) as Record<string, string>
    expect(words.slice(0, 2)).toEqual(['join', 'https://region.example'])
    expect(named).toMatchObject({
      'token-file': join(process.cwd(), 'token'),
      registry: join(process.cwd(), 'registry'),
      dservices: 'darkroom@1.0.0,counter@0.1.0',
      hours: '22:05-06:30',
      'max-load': '50',
      'min-battery': '20',
      isolation: 'process',
    })
    expect(words).toContain('--allow-plain-process')
  })
})
