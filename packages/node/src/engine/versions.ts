import { fail } from '@banyan/base'
import type { Header } from '@banyan/ledger'
import type { ConsensusRules } from './network-genesis.js'
import type { EngineState } from './state.js'

/** What a program can deal with. */
export type ProgramVersions = {
  /** Versions of the messages between nodes that it speaks. */
  readonly messages: { readonly least: number; readonly newest: number }
  /** Newest version of the rules that it knows; it knows all before. */
  readonly rules: number
}

/** Those of this program. */
export const programVersions: ProgramVersions = { messages: { least: 1, newest: 1 }, rules: 1 }

/** Version of the rules for the block of a height. It stands in the header, so that nobody takes one for another. */
export function rulesVersion({ upgrades }: ConsensusRules, height: number): number {
  return upgrades.findLast((upgrade) => upgrade.height <= height)?.version ?? 1
}

/** Whether this program can make and judge the block of a height. */
export function knowsRules({ options }: EngineState, height: number): boolean {
  return rulesVersion(options.rules, height) <= options.versions.rules
}

/**
 * Stops the node where others have agreed on a block that it cannot judge. Going on by its own rules would lead to another
 * state. Error: UpgradeRequired.
 */
export function requireRules(engine: EngineState, { height, version }: Header): void {
  const own = rulesVersion(engine.options.rules, height)
  if (version === own && knowsRules(engine, height)) return
  fail('UpgradeRequired', { height, version, own, known: engine.options.versions.rules })
}
