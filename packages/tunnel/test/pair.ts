import {
  createMinerEnd,
  createRegionEnd,
  type MinerEndEffect,
  type MinerEndEvent,
  type RegionEndEffect,
  type RegionEndEvent,
  stepMinerEnd,
  stepRegionEnd,
} from '@banyan/tunnel'

/** Both ends of a tunnel in memory: messages wait in two queues until the test carries them over. */

export type RegionHeard = Exclude<RegionEndEffect, { kind: 'send' }>
export type MinerHeard = Exclude<MinerEndEffect, { kind: 'send' }>

export const service = { name: 'echo', version: '1', concurrency: 8, warm: true }
export const head = {
  id: 'r-1',
  service: 'echo',
  version: '1',
  method: 'POST',
  path: '/x?y=1',
  headers: ['Content-Type', 'text/plain'],
  deadlineMs: 1_000,
}
export const usage = { cpuMs: 1.5, peakMemoryBytes: 4_096 }
export const noBody = new Uint8Array(0)

export function createPair(maxStreams = 8) {
  const offer = { services: [service], draining: false }
  const welcome = { protocol: 1, ackMs: 250, pingMs: 5_000 } as const
  const region = createRegionEnd(welcome, 0)
  const miner = createMinerEnd(offer, maxStreams, 0)
  const toMiner: Uint8Array[] = []
  const toRegion: Uint8Array[] = []
  const regionHeard: RegionHeard[] = []
  const minerHeard: MinerHeard[] = []
  const clock = { now: 0 }

  const stepRegion = (event: RegionEndEvent): void => {
    for (const effect of stepRegionEnd(region, event, clock.now)) {
      if (effect.kind === 'send') toMiner.push(effect.bytes)
      else regionHeard.push(effect)
    }
  }
  const stepMiner = (event: MinerEndEvent): void => {
    for (const effect of stepMinerEnd(miner, event, clock.now)) {
      if (effect.kind === 'send') toRegion.push(effect.bytes)
      else minerHeard.push(effect)
    }
  }
  /** Carries messages over, with sockets that always have room, until nothing moves. */
  const settle = (): void => {
    while (toMiner.length + toRegion.length > 0) {
      for (const bytes of toMiner.splice(0)) stepMiner({ kind: 'frame', bytes })
      for (const bytes of toRegion.splice(0)) stepRegion({ kind: 'frame', bytes })
      stepMiner({ kind: 'writable' })
      stepRegion({ kind: 'writable' })
    }
  }
  const greet = (): void => {
    stepMiner({ kind: 'start' })
    settle()
    regionHeard.length = 0
    minerHeard.length = 0
  }
  const regionKinds = (): string[] => regionHeard.map((effect) => effect.kind)
  const minerKinds = (): string[] => minerHeard.map((effect) => effect.kind)
  return {
    region,
    miner,
    toMiner,
    toRegion,
    regionHeard,
    minerHeard,
    clock,
    stepRegion,
    stepMiner,
    settle,
    greet,
    regionKinds,
    minerKinds,
  }
}

export type Pair = ReturnType<typeof createPair>

/** All bytes that one side heard as data of a stream, also those that came with its first frame. */
export function bodyOf(heard: readonly (RegionHeard | MinerHeard)[], stream: number): number {
  let size = 0
  for (const effect of heard) {
    if ('stream' in effect && effect.stream === stream && 'body' in effect) size += effect.body.length
  }
  return size
}
