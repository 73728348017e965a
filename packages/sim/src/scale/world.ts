import type { Committee, CoreEvent } from '@banyan/consensus'
import { type Agenda, createAgenda } from './agenda.js'
import { createChain, type ScaleBlock, type ScaleChain } from './chain.js'
import { createPort, type Port } from './port.js'
import type { ScaleSetting } from './setting.js'
import type { Batch } from './traffic.js'

/** What comes to a validator's network interface, or what it has planned. */
export type Happening =
  | { readonly kind: 'message'; readonly event: CoreEvent; readonly bytes: number }
  /** A batch, which took so many messages. */
  | { readonly kind: 'batch'; readonly batch: Batch; readonly bytes: number; readonly messages: number }
  | { readonly kind: 'act'; readonly act: () => void }

/** What validators share. */
export type World = {
  readonly setting: ScaleSetting
  readonly committee: Committee
  readonly leaderOf: (view: number) => number
  readonly agenda: Agenda<Happening>
  readonly chain: ScaleChain
  /** By validator. */
  readonly ports: readonly Port[]
  /** Members that are not dead, ascending. */
  readonly living: readonly number[]
  readonly watch: Watch
}

/** Hears what the figures are made of. Times are µs. */
export type Watch = {
  readonly proposed: (block: ScaleBlock, at: number) => void
  /** A block is final at a validator, and executed there. */
  readonly final: (validator: number, block: ScaleBlock, at: number) => void
}

const bitsPerByte = 8

/** Length of a step of virtual time, µs: far below the delays of the network, and longer where views take longer. */
function grainOf(validators: number): number {
  return validators > 100 ? 200 : 10
}

export function createWorld(
  setting: ScaleSetting,
  committee: Committee,
  leaderOf: (view: number) => number,
  watch: Watch,
  happen: (validator: number, happening: Happening) => void,
): World {
  const rate = setting.bandwidth / bitsPerByte
  const members = Array.from({ length: setting.validators }, (_, i) => i)
  return {
    setting,
    committee,
    leaderOf,
    agenda: createAgenda(setting.validators, grainOf(setting.validators), happen),
    chain: createChain(),
    ports: members.map(() => createPort(rate, rate)),
    living: members.filter((member) => !setting.dead.has(member)),
    watch,
  }
}
