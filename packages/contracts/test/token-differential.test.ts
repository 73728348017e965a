import { type Address, asAddress, fromHex, type Hex, toHex, uintToBe } from '@banyan/base'
import { tokenAbi } from '@banyan/contracts'
import type { CallOutcome } from '@banyan/ledger'
import { createRandom, testSeed, tierCount } from '@banyan/testing'
import * as AbiParameters from 'ox/AbiParameters'
import * as OxAddress from 'ox/Address'
import * as Hash from 'ox/Hash'
import * as OxHex from 'ox/Hex'
import * as Secp256k1 from 'ox/Secp256k1'
import { beforeAll, expect, test } from 'vitest'
import { type Args, type Chain, callData, createAsset, createChain } from './support/chain.js'
import { deployReference, type ReferenceToken } from './support/reference-token.js'

const steps = tierCount({ push: 3_000, full: 30_000, fuzz: 3_000 })
const cap = 10n ** 24n
const initialSupply = 10n ** 21n

const keys = [1, 2, 3, 4].map((byte) => toHex(new Uint8Array(32).fill(byte)))
const actors = keys.map((privateKey) => {
  const address = OxAddress.fromPublicKey(Secp256k1.getPublicKey({ privateKey }))
  return asAddress(fromHex(address)!)
})
const zero = asAddress(new Uint8Array(20))
const [issuer] = actors as [Address]
const pick = createRandom(testSeed('token differential')).below
const oneOf = <Item>(items: readonly Item[]): Item => items[pick(items.length)]!

let chain: Chain
let face: Address
let reference: ReferenceToken

beforeAll(async () => {
  chain = createChain([])
  const creation = { name: 'Reference', symbol: 'REF', decimals: 18, initialSupply, cap }
  face = createAsset(chain, issuer, creation)
  reference = await deployReference({ ...creation, issuer })
}, 60_000)

const seconds = (): bigint => chain.block.timestamp / 1_000n

type Pair = { readonly ours: CallOutcome; readonly theirs: Awaited<ReturnType<ReferenceToken['call']>> }

/** The same call on both; call data may differ where a signature binds the contract's address. */
async function both(caller: Address, ours: Uint8Array, theirs = ours): Promise<Pair> {
  const theirOutcome = await reference.call(caller, theirs, seconds())
  return { ours: chain.send(caller, face, ours), theirs: theirOutcome }
}

async function view(name: string, args: Args = {}): Promise<bigint> {
  const { ours, theirs } = await both(issuer, callData(tokenAbi, name, args))
  expect(toHex(ours.returnData), `${name} ${JSON.stringify(args)}`).toBe(theirs.returnData)
  return BigInt(theirs.returnData)
}

/** Values around every boundary that matters for an owner and spender. */
async function amount(owner: Address, spender: Address): Promise<bigint> {
  const balance = await view('balanceOf', { account: owner })
  const allowance = await view('allowance', { owner, spender })
  const supply = await view('totalSupply')
  const edges = [0n, 1n, balance, balance + 1n, allowance, cap - supply, cap - supply + 1n, cap]
  const huge = [(1n << 128n) - 1n, 1n << 128n, (1n << 256n) - 1n - supply, (1n << 256n) - 1n]
  const usual = balance / BigInt(1 + pick(50))
  const value = pick(3) === 0 ? oneOf([...edges, ...huge, allowance + 1n]) : usual
  return value < 1n << 256n ? value : 0n
}

function permitData(token: Uint8Array, key: Hex, permit: Args, nonce: bigint, highS: boolean): Uint8Array {
  const hash = (bytes: Hex): Hex => Hash.keccak256(bytes)
  const domain = hash(
    AbiParameters.encode(AbiParameters.from('bytes32, bytes32, bytes32, uint256, address'), [
      hash(
        OxHex.fromString(
          'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)',
        ),
      ),
      hash(OxHex.fromString('Reference')),
      hash(OxHex.fromString('1')),
      token === face ? chain.block.chainId : 1n,
      toHex(token),
    ]),
  )
  const { owner, spender, value, deadline } = permit as {
    owner: Address
    spender: Address
    value: bigint
    deadline: bigint
  }
  const content = hash(
    AbiParameters.encode(AbiParameters.from('bytes32, address, address, uint256, uint256, uint256'), [
      hash(
        OxHex.fromString(
          'Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)',
        ),
      ),
      toHex(owner),
      toHex(spender),
      value,
      nonce,
      deadline,
    ]),
  )
  const payload = hash(OxHex.concat('0x1901', domain, content))
  const signature = Secp256k1.sign({ payload, privateKey: key })
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
  const s = highS ? order - BigInt(signature.s) : BigInt(signature.s)
  const v = 27 + (highS ? 1 - signature.yParity : signature.yParity)
  return callData(tokenAbi, 'permit', {
    ...permit,
    v,
    r: uintToBe(BigInt(signature.r), 32),
    s: uintToBe(s, 32),
  })
}

async function permitStep(caller: Address): Promise<Pair> {
  const index = pick(actors.length)
  const owner = actors[index]!
  const spender = oneOf([...actors, zero])
  const value = await amount(owner, spender)
  const deadline = oneOf([seconds() + 10n, seconds(), seconds() - 1n])
  const nonce = (await view('nonces', { owner })) + (pick(8) === 0 ? 1n : 0n)
  const key = keys[pick(6) === 0 ? pick(keys.length) : index]!
  const highS = pick(10) === 0
  const permit = { owner, spender, value, deadline }
  const ours = permitData(face, key, permit, nonce, highS)
  const theirs = permitData(reference.address, key, permit, nonce, highS)
  const badV = 4 + 32 * 4 + 31
  if (pick(12) === 0) for (const data of [ours, theirs]) data[badV] = oneOf([0, 1, 26, 29, 255])
  return both(caller, ours, theirs)
}

async function step(): Promise<{ readonly label: string; readonly pair: Pair }> {
  const caller = oneOf(actors)
  const name = oneOf([
    ...[
      'transfer',
      'transfer',
      'transferFrom',
      'transferFrom',
      'approve',
      'permit',
      'mint',
      'burn',
      'burnFrom',
    ],
    ...(pick(6) === 0 ? ['pause'] : ['unpause']),
  ])
  if (name === 'permit') return { label: name, pair: await permitStep(caller) }
  const from = oneOf([...actors, zero])
  const to = pick(8) === 0 ? zero : oneOf(actors)
  const owner = name === 'transferFrom' || name === 'burnFrom' ? from : caller
  const value = await amount(owner, name === 'approve' ? to : caller)
  const args = { from, to, value, spender: to, account: from }
  const privileged = name === 'mint' || name.includes('pause')
  const sender = privileged && pick(4) > 0 ? issuer : caller
  const label = `${name} by ${toHex(sender)} ${toHex(from)} ${toHex(to)} ${value}`
  return { label, pair: await both(sender, callData(tokenAbi, name, args)) }
}

/** ERC2612InvalidSigner and ECDSAInvalidSignatureS: their arguments come from the signature. */
const signatureErrors = ['0x4b800e46', '0xd78bce0c']

function expectEqual(label: string, { ours, theirs }: Pair): void {
  expect(ours.success, label).toBe(theirs.success)
  // The two domains differ, and so do the signatures and what a wrong one recovers to.
  const selector = theirs.returnData.slice(0, 10)
  const length = signatureErrors.includes(selector) ? selector.length : undefined
  expect(toHex(ours.returnData).slice(0, length), label).toBe(theirs.returnData.slice(0, length))
  const logs = ours.logs.map(({ topics, data }) => ({ topics: topics.map(toHex), data: toHex(data) }))
  expect(logs, label).toEqual(theirs.success ? theirs.logs : [])
}

test("TOK-1: ERC-20, permit, cap, burn and pause behave as OpenZeppelin's on an EVM", async () => {
  const seen = new Map<string, number>()
  for (let i = 0; i < steps; i++) {
    const { label, pair } = await step()
    expectEqual(`step ${i}: ${label}`, pair)
    const kind = `${label.split(' ')[0]} ${pair.theirs.success ? 'ok' : pair.theirs.returnData.slice(0, 10)}`
    seen.set(kind, (seen.get(kind) ?? 0) + 1)
    if (i % 100 === 99) {
      for (const owner of [...actors, zero]) {
        await view('balanceOf', { account: owner })
        for (const spender of actors) await view('allowance', { owner, spender })
      }
      await view('paused')
    }
  }
  expect(chain.uncovered).toEqual([])
  // Every method succeeded, and failed in more than one way: the comparison was not empty.
  for (const name of [
    'transfer',
    'transferFrom',
    'approve',
    'permit',
    'mint',
    'burn',
    'burnFrom',
    'pause',
    'unpause',
  ]) {
    expect(seen.has(`${name} ok`), name).toBe(true)
  }
  expect(seen.size).toBeGreaterThan(28)
})

test('TOK-1: constant views equal those of OpenZeppelin', async () => {
  for (const name of ['name', 'symbol', 'decimals', 'cap', 'totalSupply', 'paused']) {
    const { ours, theirs } = await both(issuer, callData(tokenAbi, name, {}))
    expect(toHex(ours.returnData), name).toBe(theirs.returnData)
  }
})
