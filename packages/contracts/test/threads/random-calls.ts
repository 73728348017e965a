import { type Address, asAddress, asAssetId, asHash } from '@banyan/base'
import { accountAbi, assetAddress, contractAddress, factoryAbi, tokenAbi, utxoAbi } from '@banyan/contracts'
import { assetFlags, type Call, type Chain, declaredKeyKinds, type StateView } from '@banyan/ledger'
import type { Random } from '@banyan/testing'
import {
  call,
  callData,
  ethereumEnvelope,
  type NativeTerms,
  nativeEnvelope,
  type Person,
  people,
  stranger,
  viewOf,
} from './world.js'

/** Random transactions that often touch the same rows, often fail, and sometimes do what no list of keys foresees. */

const factory = contractAddress('banyan/factory')
const accounts = contractAddress('banyan/account')
const utxos = contractAddress('banyan/utxo')
const zero32 = new Uint8Array(32)
/** A key that has nothing to do with what the call touches. */
const falseKeys = [
  { kind: declaredKeyKinds.account, write: false, owner: stranger(0xff), key: asHash(zero32) },
]

type Draw = { readonly random: Random; readonly view: StateView; readonly person: Person }

const pick = <Item>(random: Random, items: readonly Item[]): Item => items[random.below(items.length)]!

/** Few targets, so that calls meet; some have no account yet. */
function anyone({ random }: Draw): Address {
  return random.below(4) === 0 ? stranger(random.below(40)) : pick(random, people).address
}

function tokenCall(draw: Draw): Call {
  const { random } = draw
  const token = assetAddress(asAssetId(1 + random.below(4)))
  const value = BigInt(random.below(2000))
  const on = (name: string, args: Readonly<Record<string, unknown>>): Call =>
    call(token, callData(tokenAbi, name, args))
  switch (random.below(12)) {
    case 0:
      return on('approve', { spender: anyone(draw), value })
    case 1:
    case 2:
      return on('transferFrom', { from: anyone(draw), to: anyone(draw), value })
    case 3:
      return on('mint', { to: anyone(draw), value })
    case 4:
      return on('burn', { value })
    case 5:
      return on('totalSupply', {})
    case 6:
      return on('balanceOf', { account: anyone(draw) })
    case 7:
      return on(random.below(3) === 0 ? 'pause' : 'unpause', {})
    default:
      return on('transfer', { to: anyone(draw), value })
  }
}

function creation({ random }: Draw): Call {
  const supply = BigInt(random.below(1000))
  return call(
    factory,
    callData(factoryAbi, 'create', {
      name: `A${random.below(100)}`,
      symbol: 'A',
      decimals: 0,
      initialSupply: supply,
      cap: supply + 5n,
      flags: assetFlags.mintable,
      metadataHash: zero32,
    }),
  )
}

function utxoCall(draw: Draw): Call {
  const { random, view, person } = draw
  const asset = random.below(3)
  const amount = 1n + BigInt(random.below(500))
  const owned = view.utxosOf(person.address, 3)
  const inputs = owned.filter(() => random.below(2) === 0)
  const share = () => ({ owner: anyone(draw), amount })
  switch (random.below(4)) {
    case 0:
      return call(utxos, callData(utxoAbi, 'withdraw', { asset, inputs, to: anyone(draw) }))
    case 1:
    case 2: {
      const part = {
        asset,
        inputs,
        fromAccount: BigInt(random.below(600)),
        outputs: [share()],
        toAccounts: [share()],
      }
      return call(utxos, callData(utxoAbi, 'spend', { parts: [part] }))
    }
    default:
      return call(utxos, callData(utxoAbi, 'deposit', { asset, outputs: [share(), share()] }))
  }
}

function accountCall(draw: Draw): Call {
  const { random } = draw
  return random.below(3) === 0
    ? call(accounts, callData(accountAbi, 'setConsolidation', { mode: random.below(3) }))
    : call(accounts, callData(accountAbi, 'setDelegate', { delegate: anyone(draw) }))
}

function anyCall(draw: Draw): Call {
  const { random } = draw
  const kind = random.below(20)
  if (kind < 9) return tokenCall(draw)
  if (kind < 13) return call(anyone(draw), new Uint8Array(0), BigInt(random.below(1000)))
  if (kind < 17) return utxoCall(draw)
  if (kind < 19) return accountCall(draw)
  return creation(draw)
}

function nativeTerms({ random }: Draw): NativeTerms {
  return {
    ...(random.below(6) === 0 ? { accessKeys: falseKeys } : {}),
    ...(random.below(8) === 0 ? { sponsor: pick(random, people) } : {}),
    ...(random.below(10) === 0 ? { gasLimit: BigInt(random.below(40_000)) } : {}),
    ...(random.below(10) === 0
      ? { postConditions: [{ account: pick(random, people).address, asset: asAssetId(1), maxSpent: 50n }] }
      : {}),
  }
}

/** Envelopes for the chain's next block. Now and then an Ethereum nonce is wrong, or a transaction stands twice. */
export function randomEnvelopes(chain: Chain, random: Random, count: number): Uint8Array[] {
  const view = viewOf(chain)
  const nonces = new Map<Person, bigint>()
  const envelopes: Uint8Array[] = []
  for (let i = 0; i < count; i++) {
    const person = pick(random, people)
    const draw: Draw = { random, view, person }
    if (i > 0 && random.below(40) === 0) {
      envelopes.push(pick(random, envelopes))
    } else if (person.ethereum && random.below(4) > 0) {
      const nonce = nonces.get(person) ?? view.account(person.address)?.nonce ?? 0n
      const isWrong = random.below(30) === 0
      envelopes.push(ethereumEnvelope(person, isWrong ? nonce + 1n : nonce, anyCall(draw)))
      if (!isWrong) nonces.set(person, nonce + 1n)
    } else {
      const calls = Array.from({ length: 1 + random.below(3) }, () => anyCall(draw))
      envelopes.push(nativeEnvelope(chain, person, random.bigint(1n << 60n), calls, nativeTerms(draw)))
    }
  }
  return envelopes
}

export const someProposer = asAddress(new Uint8Array(20).fill(0xee))
