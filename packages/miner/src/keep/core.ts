import { isNewer } from './versions.js'

/**
 * Keeps one program running at the newest version that works, without IO. A newer version is tried; it must connect, and then live for a
 * while. One that does not is never tried again, and the version before it runs on.
 */
export type Keeper = {
  readonly limits: KeeperLimits
  /** Newest version that has proven itself. */
  kept: string
  readonly bad: Set<string>
  /** Of the process that runs or is about to end. */
  running: string | undefined
  /** Being fetched, or fetched and next. */
  installing: string | undefined
  next: string | undefined
  readyAt: number | undefined
  startedAt: number
  /** Whether any version has ever connected: if none has, its failure is that of the configuration. */
  hasConnected: boolean
  deathsInRow: number
  startAt: number | undefined
  lookAt: number
  isEnding: boolean
}

export type KeeperLimits = {
  /** How often newer versions are looked for. */
  readonly lookMs: number
  /** Time in which a new version must connect. */
  readonly connectMs: number
  /** Time that it must then live. */
  readonly trialMs: number
}

export const defaultLimits: KeeperLimits = { lookMs: 3_600_000, connectMs: 180_000, trialMs: 600_000 }

export type KeeperEvent =
  | { readonly kind: 'begin' }
  /** Versions that the registry has. */
  | { readonly kind: 'found'; readonly versions: readonly string[] }
  /** It is signed and unpacked; or could not be, now. */
  | { readonly kind: 'installed'; readonly version: string; readonly isGood: boolean }
  /** The program that runs has connected. */
  | { readonly kind: 'connected' }
  | { readonly kind: 'exited'; readonly code: number }
  /** The keeper is to end. */
  | { readonly kind: 'end' }
  | { readonly kind: 'tick' }

export type KeeperEffect =
  | { readonly kind: 'look' }
  | { readonly kind: 'install'; readonly version: string }
  | { readonly kind: 'run'; readonly version: string }
  /** Asks the program to finish and end; `at once` ends it. */
  | { readonly kind: 'stop'; readonly atOnce: boolean }
  /** Which version is kept, and which are bad, is to be durable. */
  | { readonly kind: 'save' }
  | { readonly kind: 'ended'; readonly code: number }
  | { readonly kind: 'tell'; readonly text: string }

const firstBackoff = 1_000
const lastBackoff = 60_000

export function createKeeper(limits: KeeperLimits, kept: string, bad: readonly string[]): Keeper {
  return {
    limits,
    kept,
    bad: new Set(bad),
    running: undefined,
    installing: undefined,
    next: undefined,
    readyAt: undefined,
    startedAt: 0,
    hasConnected: false,
    deathsInRow: 0,
    startAt: undefined,
    lookAt: 0,
    isEnding: false,
  }
}

/** One step. Times are milliseconds of one clock. */
export function stepKeeper(keeper: Keeper, event: KeeperEvent, now: number): KeeperEffect[] {
  const effects: KeeperEffect[] = []
  switch (event.kind) {
    case 'begin':
      run(keeper, keeper.kept, now, effects)
      break
    case 'found':
      choose(keeper, event.versions, effects)
      break
    case 'installed':
      installed(keeper, event, now, effects)
      break
    case 'connected':
      keeper.readyAt = now
      keeper.hasConnected = true
      break
    case 'exited':
      exited(keeper, event.code, now, effects)
      break
    case 'end':
      keeper.isEnding = true
      if (keeper.running === undefined) effects.push({ kind: 'ended', code: 0 })
      else effects.push({ kind: 'stop', atOnce: false })
      break
    case 'tick':
      tick(keeper, now, effects)
  }
  return effects
}

function run(keeper: Keeper, version: string, now: number, effects: KeeperEffect[]): void {
  keeper.running = version
  keeper.startedAt = now
  keeper.readyAt = undefined
  keeper.startAt = undefined
  effects.push({ kind: 'run', version })
}

/** The newest version that is newer than the kept one and was never found bad; none while another one is on trial. */
function choose(keeper: Keeper, versions: readonly string[], effects: KeeperEffect[]): void {
  const { running, kept } = keeper
  if (keeper.isEnding || keeper.installing !== undefined || keeper.next !== undefined) return
  if (running !== undefined && running !== kept) return
  let newest = kept
  for (const version of versions) if (!keeper.bad.has(version) && isNewer(version, newest)) newest = version
  if (newest === kept) return
  keeper.installing = newest
  effects.push({ kind: 'install', version: newest })
}

function installed(
  keeper: Keeper,
  { version, isGood }: Extract<KeeperEvent, { kind: 'installed' }>,
  now: number,
  effects: KeeperEffect[],
): void {
  keeper.installing = undefined
  if (!isGood || keeper.isEnding) return
  effects.push({ kind: 'tell', text: `changing to version ${version}` })
  if (keeper.running === undefined) {
    run(keeper, version, now, effects)
    return
  }
  keeper.next = version
  effects.push({ kind: 'stop', atOnce: false })
}

function exited(keeper: Keeper, code: number, now: number, effects: KeeperEffect[]): void {
  const { running, next } = keeper
  const wasTrial = running !== keeper.kept
  keeper.running = undefined
  if (keeper.isEnding) {
    effects.push({ kind: 'ended', code: 0 })
    return
  }
  if (next !== undefined) {
    keeper.next = undefined
    run(keeper, next, now, effects)
    return
  }
  if (wasTrial) {
    keeper.bad.add(running!)
    effects.push(
      { kind: 'save' },
      { kind: 'tell', text: `version ${running} failed; going back to ${keeper.kept}` },
    )
    run(keeper, keeper.kept, now, effects)
    return
  }
  if (!keeper.hasConnected) {
    effects.push({ kind: 'ended', code: code === 0 ? 1 : code })
    return
  }
  const lived = keeper.readyAt === undefined ? 0 : now - keeper.readyAt
  keeper.deathsInRow = lived > keeper.limits.trialMs ? 1 : keeper.deathsInRow + 1
  keeper.startAt = now + Math.min(lastBackoff, firstBackoff * 2 ** (keeper.deathsInRow - 1))
}

function tick(keeper: Keeper, now: number, effects: KeeperEffect[]): void {
  const { limits, running, readyAt, startedAt } = keeper
  if (keeper.isEnding) return
  if (keeper.startAt !== undefined && now >= keeper.startAt) run(keeper, keeper.kept, now, effects)
  if (now >= keeper.lookAt) {
    keeper.lookAt = now + limits.lookMs
    effects.push({ kind: 'look' })
  }
  if (running === undefined || running === keeper.kept) return
  if (readyAt === undefined) {
    if (now - startedAt >= limits.connectMs) effects.push({ kind: 'stop', atOnce: true })
  } else if (now - readyAt >= limits.trialMs) {
    keeper.kept = running
    effects.push({ kind: 'save' }, { kind: 'tell', text: `version ${running} is kept` })
  }
}
