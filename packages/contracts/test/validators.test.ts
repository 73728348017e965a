import { type Address, toHex } from '@banyan/base'
import {
  contractAddress,
  readValidators,
  type ValidatorRecord,
  validatorRows,
  validatorsAbi,
} from '@banyan/contracts'
import { portable } from '@banyan/crypto'
import { createRandom, testSeed, tierCount } from '@banyan/testing'
import { beforeEach, expect, test } from 'vitest'
import { type Args, addressOf, type Chain, contractAt, createChain, host, resultOf } from './support/chain.js'

const { sha256 } = host.crypto
const [owner, anna, ben, cleo, stranger] = [1, 2, 3, 4, 5].map(addressOf) as [
  Address,
  Address,
  Address,
  Address,
  Address,
]

/** Voting keys number `number`, with proof of possession. */
function keysOf(number: number) {
  const secret = new Uint8Array(32).fill(number)
  return {
    ed25519Key: new Uint8Array(32).fill(0x40 + number),
    blsKey: portable.bls.publicKey(secret),
    possession: portable.bls.provePossession(secret),
  }
}

const keys = [1, 2, 3, 4].map(keysOf)

const recordOf = (account: Address, number: number, weight = 1n): ValidatorRecord => {
  const { ed25519Key, blsKey } = keys[number]!
  return { account, weight, ed25519Key, blsKey }
}

let chain: Chain
let registry: ReturnType<typeof contractAt>

beforeEach(() => {
  chain = createChain([[owner, 1_000n]])
  chain.state.apply({
    accounts: [],
    balances: [],
    storage: validatorRows(sha256, owner, [recordOf(anna, 0, 5n), recordOf(ben, 1)]),
    utxos: [],
    assets: [],
  })
  registry = contractAt(chain, validatorsAbi, contractAddress('banyan/validators'))
})

const members = (): readonly ValidatorRecord[] => readValidators(chain.state, sha256)
const accounts = (): readonly string[] => members().map(({ account }) => toHex(account))
const addArgs = (account: Address, number: number, weight = 1n): Args => ({
  account,
  weight,
  ...keys[number]!,
})
const totalWeight = (): unknown => {
  const outcome = registry(stranger, 'count')
  return (resultOf(validatorsAbi, 'count', outcome) as readonly unknown[])[1]
}

test('CON-10: a genesis starts with its validators', () => {
  expect(members()).toEqual([recordOf(anna, 0, 5n), recordOf(ben, 1)])
  expect(totalWeight()).toBe(6n)
  expect(resultOf(validatorsAbi, 'owner', registry(stranger, 'owner'))).toBe(toHex(owner))
})

test('CON-10: the owner adds a validator, which everybody can look up', () => {
  expect(registry(owner, 'add', addArgs(cleo, 2, 7n)).success).toBe(true)
  expect(members()[2]).toEqual(recordOf(cleo, 2, 7n))
  expect(totalWeight()).toBe(13n)
  const found = resultOf(validatorsAbi, 'validatorOf', registry(stranger, 'validatorOf', { account: cleo }))
  expect(found).toMatchObject({ account: toHex(cleo), weight: 7n, blsKey: toHex(keys[2]!.blsKey) })
  expect(registry(stranger, 'validatorAt', { index: 2 }).success).toBe(true)
  expect(registry(stranger, 'validatorAt', { index: 3 }).error?.reason).toContain('OutOfRange')
})

test('CON-10: nobody else adds, removes or weighs validators', () => {
  for (const caller of [stranger, anna]) {
    expect(registry(caller, 'add', addArgs(cleo, 2)).error?.reason).toContain('NotOwner')
    expect(registry(caller, 'remove', { account: ben }).error?.reason).toContain('NotOwner')
    expect(registry(caller, 'setWeight', { account: ben, weight: 9n }).error?.reason).toContain('NotOwner')
    expect(registry(caller, 'setOwner', { owner: caller }).error?.reason).toContain('NotOwner')
  }
  expect(registry(owner, 'setOwner', { owner: stranger }).success).toBe(true)
  expect(registry(owner, 'remove', { account: ben }).error?.reason).toContain('NotOwner')
  expect(registry(stranger, 'remove', { account: ben }).success).toBe(true)
})

test('CON-10: a validator may leave; the last one stays', () => {
  expect(registry(anna, 'remove', { account: anna }).success).toBe(true)
  expect(accounts()).toEqual([toHex(ben)])
  expect(totalWeight()).toBe(1n)
  expect(registry(anna, 'remove', { account: anna }).error?.reason).toContain('NotValidator')
  expect(registry(ben, 'remove', { account: ben }).error?.reason).toContain('LastValidator')
})

test('CON-10: whoever is last takes the place of one that leaves', () => {
  registry(owner, 'add', addArgs(cleo, 2))
  registry(owner, 'remove', { account: anna })
  expect(accounts()).toEqual([cleo, ben].map((account) => toHex(account)))
  registry(owner, 'remove', { account: cleo })
  expect(accounts()).toEqual([toHex(ben)])
})

test('CON-10: voting keys serve once, and a BLS key only with proof of possession', () => {
  expect(registry(owner, 'add', addArgs(cleo, 0)).error?.reason).toContain('KeyUsed')
  const stolen = { ...keys[2]!, possession: keys[3]!.possession }
  const args = { account: cleo, weight: 1n, ...stolen }
  expect(registry(owner, 'add', args).error?.reason).toContain('PossessionUnproven')
  expect(registry(owner, 'add', addArgs(anna, 2)).error?.reason).toContain('AlreadyValidator')
  registry(owner, 'remove', { account: ben })
  expect(registry(owner, 'add', addArgs(ben, 1)).error?.reason).toContain('KeyUsed')
  expect(registry(owner, 'add', addArgs(ben, 3)).success).toBe(true)
})

test('CON-10: a validator rotates its own keys', () => {
  expect(registry(stranger, 'rotateKeys', keys[2]).error?.reason).toContain('NotValidator')
  expect(registry(ben, 'rotateKeys', keys[2]).success).toBe(true)
  expect(members()[1]).toEqual(recordOf(ben, 2))
  expect(registry(ben, 'rotateKeys', keys[1]).error?.reason).toContain('KeyUsed')
  expect(registry(owner, 'add', addArgs(cleo, 2)).error?.reason).toContain('KeyUsed')
})

test('CON-10: weights are positive, and their sum stays exact as a number', () => {
  expect(registry(owner, 'setWeight', { account: ben, weight: 0n }).error?.reason).toContain('WeightInvalid')
  const most = BigInt(Number.MAX_SAFE_INTEGER) - 5n
  expect(registry(owner, 'setWeight', { account: ben, weight: most + 1n }).error?.reason).toContain(
    'WeightInvalid',
  )
  expect(registry(owner, 'setWeight', { account: ben, weight: most }).success).toBe(true)
  expect(totalWeight()).toBe(most + 5n)
})

test('CON-10: whatever is done, the registry has no gaps and its sums hold', () => {
  const seed = testSeed('validator registry')
  const people = [anna, ben, cleo, stranger]
  for (let run = 0; run < tierCount({ push: 5, full: 50, fuzz: 500 }); run++) {
    const random = createRandom(seed + run)
    for (let i = 0; i < 12; i++) {
      const account = people[random.below(4)]!
      const weight = BigInt(random.below(4))
      switch (random.below(4)) {
        case 0:
          registry(owner, 'remove', { account })
          break
        case 1:
          registry(owner, 'setWeight', { account, weight })
          break
        default:
          registry(owner, 'add', { account, weight, ...keysOf(10 + random.below(100)) })
      }
      const list = members()
      expect(list.length, `seed ${seed + run}`).toBeGreaterThan(0)
      expect(new Set(list.map((record) => toHex(record.account))).size).toBe(list.length)
      expect(totalWeight()).toBe(list.reduce((sum, record) => sum + record.weight, 0n))
      expect(list.every((record) => record.weight > 0n)).toBe(true)
    }
  }
})
