import { toHex } from '@banyan/base'
import { createChain } from '@banyan/ledger'
import type { ConsensusRules } from '@banyan/node'
import { expect, test } from 'vitest'
import { chainOptions, rulesFor, validator } from './people.js'

const idOf = (changes: Partial<ConsensusRules>) =>
  toHex(createChain(chainOptions(rulesFor(4, changes))).genesisId)

test('CON-1/LED-6: every rule of consensus is part of the identity of the chain', () => {
  const { timing, validators } = rulesFor(4)
  const ids = [
    idOf({}),
    idOf({ epochBlocks: 999 }),
    idOf({ quorumRule: 'crash' }),
    idOf({ schedule: { kind: 'shuffled' } }),
    idOf({ schedule: { kind: 'stableLeader', term: 3 } }),
    idOf({ schedule: { kind: 'stableLeader', term: 4 } }),
    idOf({ timing: { ...timing, delta: 101 } }),
    idOf({ timing: { ...timing, interval: 51 } }),
    idOf({ timing: { ...timing, heartbeat: 401 } }),
    idOf({ maxClockSkew: 501 }),
    idOf({ validators: [validator(0, 2), ...validators.slice(1)] }),
    idOf({ validators: validators.slice(1) }),
  ]
  expect(new Set(ids).size).toBe(ids.length)
})

test('CON-10: upgrades are added to the rules of a chain without making it another one', () => {
  expect(idOf({ upgrades: [{ version: 2, height: 9 }] })).toBe(idOf({}))
})

test('LED-6: the genesis header names the first committee', () => {
  const chain = createChain(chainOptions(rulesFor(4)))
  expect(chain.head.header.nextCommitteeHash).toEqual(chain.genesis.consensus!.committeeHash)
})

test('CON-1: rules that cannot work are refused', () => {
  const { timing } = rulesFor(4)
  for (const changes of [
    { epochBlocks: 1 },
    { epochBlocks: 2.5 },
    { maxClockSkew: -1 },
    { timing: { ...timing, delta: Number.NaN } },
    { upgrades: [{ version: 3, height: 9 }] },
    { upgrades: [{ version: 2, height: 0 }] },
    {
      upgrades: [
        { version: 2, height: 9 },
        { version: 3, height: 9 },
      ],
    },
  ]) {
    expect(() => chainOptions(rulesFor(4, changes))).toThrow(
      expect.objectContaining({ kind: 'GenesisInvalid' }),
    )
  }
})
