import { type Address, asAddress, asAssetId, fromHex, type Hex, toHex, uintToBe } from '@banyan/base'
import { assetAddress, assetAt, tokenAbi } from '@banyan/contracts'
import { assetFlags } from '@banyan/ledger'
import * as OxAddress from 'ox/Address'
import * as OxHex from 'ox/Hex'
import * as Secp256k1 from 'ox/Secp256k1'
import * as TypedData from 'ox/TypedData'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  type Args,
  addresses,
  addressOf,
  type Chain,
  createAsset,
  hashOfNumber,
  resultOf,
  usualCreation,
} from './support/chain.js'
import { alice, bob, type Setup, setUp } from './support/setup.js'

let setup: Setup
let chain: Chain
let face: Address
let token: ReturnType<Setup['tokenAt']>

beforeEach(() => {
  setup = setUp()
  chain = setup.chain
  face = createAsset(chain, alice)
  token = setup.tokenAt(face)
})

const view = (name: string, args: Args = {}, at = token): unknown =>
  resultOf(tokenAbi, name, at(bob, name, args))

describe('TOK-1: the factory', () => {
  const create = (fields: Args) => setup.factory(alice, 'create', { ...usualCreation, ...fields })

  test('TOK-1: assets get addresses in the order of creation, and the creator the supply', () => {
    expect(toHex(face)).toBe(`${toHex(assetAddress(asAssetId(0))).slice(0, 34)}00000001`)
    expect(toHex(createAsset(chain, bob)).endsWith('00000002')).toBe(true)
    expect(assetAt(face)).toBe(1)
    expect(view('balanceOf', { account: alice })).toBe(1_000n)
    expect(view('issuer')).toBe(toHex(alice))
    expect(view('metadataHash')).toBe(toHex(usualCreation.metadataHash))
    expect([view('name'), view('symbol'), view('decimals'), view('cap')]).toEqual(['Olive', 'OLV', 6, 5_000n])
    expect(view('totalSupply')).toBe(1_000n)
  })

  test('TOK-1: creation is reported by the factory and the supply by the new asset', () => {
    const { logs } = create({})
    const emitters = [addresses.factory, assetAddress(asAssetId(2))]
    expect(logs.map(({ address }) => toHex(address))).toEqual(emitters.map(toHex))
    expect(create({ initialSupply: 0n }).logs).toHaveLength(1)
  })

  test('TOK-1: impossible assets are refused', () => {
    const cases: readonly (readonly [string, Args])[] = [
      ['name must have', { name: '' }],
      ['name must have', { name: 'x'.repeat(32) }],
      ['symbol must have', { symbol: 'ö'.repeat(16) }],
      ['control characters', { name: 'Oli\u0000ve' }],
      ['control characters', { symbol: 'A\u007f' }],
      ['unknown flags', { flags: 7 | assetFlags.paused }],
      ['unknown flags', { flags: 2 ** 31 }],
      ['above the cap', { initialSupply: 5_001n }],
      ['cannot be minted', { flags: 6 }],
    ]
    for (const [reason, fields] of cases) expect(create(fields).error?.reason, reason).toContain(reason)
    expect(create({ name: 'x'.repeat(31), flags: 6, cap: 1_000n }).success).toBe(true)
  })
})

describe('TOK-1: powers are fixed at creation', () => {
  const missing = (flag: number) => `${flag}`.padStart(64, '0')

  test.each([
    ['mint', { to: bob, value: 1n }, assetFlags.mintable],
    ['burn', { value: 1n }, assetFlags.burnable],
    ['burnFrom', { account: alice, value: 0n }, assetFlags.burnable],
    ['pause', {}, assetFlags.pausable],
    ['unpause', {}, assetFlags.pausable],
  ])('TOK-1: %s only where the asset allows it', (name, args, flag) => {
    const flags = 7 & ~flag
    const supply = (flags & assetFlags.mintable) === 0 ? 5_000n : 1_000n
    const plain = setup.tokenAt(createAsset(chain, alice, { flags, initialSupply: supply }))
    const outcome = plain(alice, name, args)
    expect(outcome.error?.reason).toBe('FeatureMissing')
    expect(toHex(outcome.returnData).slice(10)).toBe(missing(flag))
  })

  test('TOK-1: only the issuer mints and pauses, and hands the role on', () => {
    for (const name of ['mint', 'pause', 'unpause', 'transferIssuer']) {
      const outcome = token(bob, name, { to: bob, value: 1n, newIssuer: bob })
      expect(outcome.error?.reason, name).toBe('OwnableUnauthorizedAccount')
    }
    expect(token(alice, 'transferIssuer', { newIssuer: addressOf(0) }).error?.reason).toBe(
      'OwnableInvalidOwner',
    )
    expect(token(alice, 'transferIssuer', { newIssuer: bob }).success).toBe(true)
    expect(token(alice, 'mint', { to: alice, value: 1n }).error?.reason).toBe('OwnableUnauthorizedAccount')
    expect(token(bob, 'mint', { to: bob, value: 4_000n }).success).toBe(true)
    expect(token(bob, 'mint', { to: bob, value: 1n }).error?.reason).toBe('ERC20ExceededCap')
  })

  test('TOK-1: a paused asset does not move until it is resumed', () => {
    expect(token(alice, 'pause').success).toBe(true)
    expect(view('paused')).toBe(true)
    for (const name of ['transfer', 'mint', 'burn', 'transferWithMemo']) {
      const args = { to: bob, value: 1n, memo: hashOfNumber(1), metadataHash: hashOfNumber(2) }
      expect(token(alice, name, args).error?.reason, name).toBe('EnforcedPause')
    }
    expect(token(alice, 'unpause').success).toBe(true)
    expect(token(alice, 'transfer', { to: bob, value: 1n }).success).toBe(true)
  })
})

describe('TOK-1: FIG and other assets share one face', () => {
  test('TOK-1: FIG has supply but no issuer', () => {
    const figs = setup.tokenAt(addresses.fig)
    expect([view('symbol', {}, figs), view('totalSupply', {}, figs)]).toEqual(['FIG', 1_000n])
    expect(figs(alice, 'transfer', { to: bob, value: 400n }).success).toBe(true)
    expect(chain.state.account(bob)?.balance).toBe(400n)
    const nobody = addressOf(0)
    expect(figs(nobody, 'mint', { to: bob, value: 1n }).error?.reason).toBe('OwnableUnauthorizedAccount')
    expect(figs(alice, 'burn', { value: 1n }).error?.reason).toBe('FeatureMissing')
  })

  test('TOK-1: an asset that does not exist has no face', () => {
    const none = setup.tokenAt(assetAddress(asAssetId(9)))
    expect(none(alice, 'balanceOf', { account: alice }).error?.kind).toBe('AssetUnknown')
    expect(none(alice, 'transfer', { to: bob, value: 0n }).error?.kind).toBe('AssetUnknown')
    expect(none(alice, 'approve', { spender: bob, value: 1n }).error?.kind).toBe('AssetUnknown')
  })

  test('TOK-1: allowances and nonces of assets are apart', () => {
    const other = setup.tokenAt(createAsset(chain, alice))
    token(alice, 'approve', { spender: bob, value: 7n })
    expect(view('allowance', { owner: alice, spender: bob }, other)).toBe(0n)
    expect(other(bob, 'transferFrom', { from: alice, to: bob, value: 1n }).success).toBe(false)
  })

  test('TOK-1: a memo travels with a transfer', () => {
    const args = { to: bob, value: 3n, memo: hashOfNumber(1), metadataHash: hashOfNumber(2) }
    const { logs } = token(alice, 'transferWithMemo', args)
    expect(logs).toHaveLength(2)
    expect(logs.every(({ address }) => toHex(address) === toHex(face))).toBe(true)
    expect(toHex(logs[1]!.topics[3]!)).toBe(toHex(args.memo))
    expect(toHex(logs[1]!.data)).toBe(toHex(args.metadataHash))
    expect(view('balanceOf', { account: bob })).toBe(3n)
  })
})

describe('TOK-1: permit', () => {
  const privateKey = toHex(new Uint8Array(32).fill(3))
  const owner = asAddress(fromHex(OxAddress.fromPublicKey(Secp256k1.getPublicKey({ privateKey })))!)

  const signed = (fields: {
    readonly name: string
    readonly contract: Address
    readonly nonce: bigint
  }): Args => {
    const permit = { owner, spender: bob, value: 5n, deadline: 2n ** 40n }
    const payload = TypedData.getSignPayload({
      domain: {
        name: fields.name,
        version: '1',
        chainId: Number(chain.block.chainId),
        verifyingContract: toHex(fields.contract),
      },
      types: {
        Permit: [
          { name: 'owner', type: 'address' },
          { name: 'spender', type: 'address' },
          { name: 'value', type: 'uint256' },
          { name: 'nonce', type: 'uint256' },
          { name: 'deadline', type: 'uint256' },
        ],
      },
      primaryType: 'Permit',
      message: { ...permit, owner: toHex(owner), spender: toHex(bob), nonce: fields.nonce },
    })
    const { r, s, yParity } = Secp256k1.sign({ payload, privateKey })
    return { ...permit, v: 27 + yParity, r: uintToBe(BigInt(r), 32), s: uintToBe(BigInt(s), 32) }
  }

  test('TOK-1: a typed-data signature of another library sets the allowance, once', () => {
    const args = signed({ name: 'Olive', contract: face, nonce: 0n })
    expect(token(alice, 'permit', args).success).toBe(true)
    expect(view('allowance', { owner, spender: bob })).toBe(5n)
    expect(view('nonces', { owner })).toBe(1n)
    expect(token(alice, 'permit', args).error?.reason).toBe('ERC2612InvalidSigner')
  })

  test('TOK-1: a permit for another asset or contract is refused', () => {
    const other = createAsset(chain, alice)
    const args = signed({ name: 'Olive', contract: other, nonce: 0n })
    expect(token(alice, 'permit', args).error?.reason).toBe('ERC2612InvalidSigner')
    expect(setup.tokenAt(other)(alice, 'permit', args).success).toBe(true)
  })

  test('TOK-1, LED-2: a bare key gives no permit for an account with a policy', () => {
    setup.account(owner, 'setPolicy', { threshold: 1, signers: [bob] })
    const args = signed({ name: 'Olive', contract: face, nonce: 0n })
    expect(token(alice, 'permit', args).error?.reason).toBe('AccountHasPolicy')
  })

  test('TOK-1: the domain is the one that wallets compute', () => {
    const domain = view('eip712Domain') as readonly unknown[]
    const zeroWord: Hex = OxHex.padLeft('0x', 32)
    expect(domain).toEqual(['0x0f', 'Olive', '1', chain.block.chainId, toHex(face), zeroWord, []])
    const separator = TypedData.hashDomain({
      domain: {
        name: 'Olive',
        version: '1',
        chainId: Number(chain.block.chainId),
        verifyingContract: toHex(face),
      },
    })
    expect(view('DOMAIN_SEPARATOR')).toBe(separator)
  })
})
