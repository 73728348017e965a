import { asHash, equalBytes, toHex, uintToBe } from '@banyan/base'
import {
  type CallRequest,
  callKeys,
  createOverlay,
  executeCall,
  keysCover,
  type Overlay,
} from '@banyan/ledger'
import {
  addressOf,
  callData,
  fundedState,
  hashOfNumber,
  requestOf,
  testBlock,
} from '@banyan/testing/contract-calls'
import * as AbiError from 'ox/AbiError'
import * as AbiParameters from 'ox/AbiParameters'
import * as Ed25519 from 'ox/Ed25519'
import * as P256 from 'ox/P256'
import * as PublicKey from 'ox/PublicKey'
import * as Secp256k1 from 'ox/Secp256k1'
import * as Signature from 'ox/Signature'
import { beforeEach, describe, expect, test } from 'vitest'
import { probeAbi, probeAddress, probeHost } from './probe-contract.js'

const alice = addressOf(1)
const bob = addressOf(2)
let overlay: Overlay

beforeEach(() => {
  overlay = createOverlay(fundedState([[alice, 1_000n]]))
})

type Args = Readonly<Record<string, unknown>>

const probeCall = (name: string, args: Args, rest: Partial<CallRequest> = {}): CallRequest =>
  requestOf({ caller: alice, to: probeAddress, data: callData(probeAbi, name, args), ...rest })

const run = (name: string, args: Args, rest: Partial<CallRequest> = {}) =>
  executeCall(probeHost, overlay, probeCall(name, args, rest))

const uint = (bytes: Uint8Array): bigint => BigInt(toHex(bytes))

describe('CTR-1: the calling convention is that of Ethereum', () => {
  test('CTR-1: results, payment and context reach the caller', () => {
    expect(run('store', { key: 5, value: 77n })).toMatchObject({ success: true })
    expect(uint(run('load', { key: 5 }).returnData)).toBe(77n)
    const [caller, self, origin, height, timestamp, chainId, proposer] = AbiParameters.decode(
      AbiParameters.from('address, address, address, uint64, uint64, uint64, address'),
      run('whoami', {}, { origin: bob }).returnData,
      { checksumAddress: false },
    )
    expect([caller, self, origin, proposer]).toEqual(
      [alice, probeAddress, bob, testBlock.proposer].map(toHex),
    )
    expect([height, timestamp, chainId]).toEqual([testBlock.height, testBlock.timestamp, testBlock.chainId])
  })

  test('CTR-1: every supported type survives decoding and encoding', () => {
    const args = {
      small: 255,
      flag: true,
      raw: Uint8Array.from([1, 2, 3]),
      text: 'größe 🌳',
      pairs: [
        { owner: alice, amount: (1n << 128n) - 1n },
        { owner: bob, amount: 0n },
      ],
      ids: [hashOfNumber(1), hashOfNumber(2)],
    }
    const data = callData(probeAbi, 'echo', args)
    expect(toHex(run('echo', args).returnData)).toBe(toHex(data.subarray(4)))
  })

  test('CTR-1: a plain payment moves FIG, data to an address without contract are refused', () => {
    const data = new Uint8Array(0)
    const paid = executeCall(probeHost, overlay, requestOf({ caller: alice, to: bob, data, value: 300n }))
    expect(paid.success).toBe(true)
    expect([overlay.account(alice)?.balance, overlay.account(bob)?.balance]).toEqual([700n, 300n])
    const refused = executeCall(
      probeHost,
      overlay,
      requestOf({ caller: alice, to: bob, data: uintToBe(1n, 4) }),
    )
    expect(refused.error?.kind).toBe('ContractUnknown')
    const tooMuch = executeCall(probeHost, overlay, requestOf({ caller: alice, to: bob, data, value: 701n }))
    expect(tooMuch.error?.kind).toBe('FundsInsufficient')
  })

  test('CTR-1: reasons and custom errors come back as Solidity encodes them', () => {
    const plain = run('failPlain', { reason: 'not today' })
    expect(plain.error).toEqual({ kind: 'ExecutionReverted', code: 1300, reason: 'not today' })
    const errorString = AbiError.from('error Error(string reason)')
    expect(AbiError.decode(errorString, toHex(plain.returnData))).toBe('not today')
    const typed = run('failTyped', { code: 42n })
    expect(typed.error?.reason).toBe('Code')
    expect(AbiError.decode(AbiError.from('error Code(uint256 code)'), toHex(typed.returnData))).toBe(42n)
  })

  test('CTR-1: value only for payable methods, unknown selectors are named', () => {
    expect(run('store', { key: 1, value: 1n }, { value: 1n }).error?.kind).toBe('ValueRefused')
    expect(overlay.account(alice)?.balance).toBe(1_000n)
    const unknown = requestOf({ caller: alice, to: probeAddress, data: uintToBe(0xdeadbeefn, 4) })
    expect(executeCall(probeHost, overlay, unknown).error?.kind).toBe('MethodUnknown')
    const empty = requestOf({ caller: alice, to: probeAddress, data: new Uint8Array(0) })
    expect(executeCall(probeHost, overlay, empty).error?.kind).toBe('MethodUnknown')
  })

  test('CTR-1: the host verifies the three kinds of signatures', () => {
    const digest = hashOfNumber(9)
    const zero = toHex(new Uint8Array(20))
    const decode = (bytes: Uint8Array) =>
      AbiParameters.decode(AbiParameters.from('address, bool'), bytes, { checksumAddress: false })
    const verify = (kind: number, key: Uint8Array, signature: Uint8Array) =>
      decode(run('verify', { kind, key, digest, signature }).returnData)

    const edKey = new Uint8Array(32).fill(3)
    const edSignature = Ed25519.sign({ payload: digest, privateKey: toHex(edKey), as: 'Bytes' })
    const edPublic = Ed25519.getPublicKey({ privateKey: toHex(edKey), as: 'Bytes' })
    expect(verify(0, edPublic, edSignature)).toEqual([zero, true])
    const p256Key = toHex(new Uint8Array(32).fill(4))
    const p256Signature = Signature.toBytes(P256.sign({ payload: digest, privateKey: p256Key })).subarray(
      0,
      64,
    )
    const p256Public = PublicKey.toBytes(P256.getPublicKey({ privateKey: p256Key })).subarray(1)
    expect(verify(1, p256Public, p256Signature)).toEqual([zero, true])
    const ethKey = toHex(new Uint8Array(32).fill(5))
    const ethSignature = Secp256k1.sign({ payload: digest, privateKey: ethKey })
    const bytes = Signature.toBytes(ethSignature)
    bytes[64] = ethSignature.yParity!
    const { address } = { address: Secp256k1.recoverAddress({ payload: digest, signature: ethSignature }) }
    expect(verify(2, new Uint8Array(0), bytes)).toEqual([address.toLowerCase(), true])
  })
})

describe('CTR-1: call data have one encoding', () => {
  const good = callData(probeAbi, 'store', { key: 5, value: 77n })
  const send = (data: Uint8Array) =>
    executeCall(probeHost, overlay, requestOf({ caller: alice, to: probeAddress, data }))

  const changed = (data: Uint8Array, offset: number, byte: number): Uint8Array => {
    const copy = data.slice()
    copy[offset] = byte
    return copy
  }
  const echo = callData(probeAbi, 'echo', {
    small: 1,
    flag: true,
    raw: Uint8Array.of(7),
    text: 'a',
    pairs: [{ owner: alice, amount: 1n }],
    ids: [hashOfNumber(3)],
  })

  test('CTR-1: bytes after the arguments are allowed', () => {
    expect(send(Uint8Array.from([...good, 1, 2, 3])).success).toBe(true)
  })

  const refused: readonly (readonly [string, Uint8Array])[] = [
    ['no arguments', good.slice(0, 4)],
    ['one byte short', good.slice(0, -1)],
    ['dirty bits above a uint32', changed(good, 4, 1)],
    ['a uint32 of 2^32', changed(good, 4 + 27, 1)],
    ['a uint8 of 256', changed(echo, 4 + 30, 1)],
    ['a boolean of 2', changed(echo, 4 + 63, 2)],
    ['dirty bits above a boolean', changed(echo, 4 + 32, 1)],
    ['an offset that is not the standard one', changed(echo, 4 + 95, echo[4 + 95]! + 32)],
    ['an offset beyond the data', changed(echo, 4 + 64, 0xff)],
    ['a length beyond the data', changed(echo, 4 + 192, 0xff)],
    ['dirty padding after bytes', changed(echo, 4 + 192 + 63, 1)],
    ['text that is not UTF-8', changed(echo, 4 + 192 + 96, 0xff)],
    ['dirty bits above an address', changed(echo, 4 + 192 + 128 + 32, 1)],
    ['a uint128 of 2^128', changed(echo, 4 + 192 + 128 + 64 + 15, 1)],
  ]

  test.each(refused)('CTR-1: refused: %s', (_, data) => {
    const outcome = send(data)
    expect(outcome.error?.kind).toBe('CallDataMalformed')
    expect(callKeys(probeHost, requestOf({ caller: alice, to: probeAddress, data }))).toEqual([])
  })
})

describe('LED-14: a failed call leaves nothing', () => {
  test('LED-14: a reverted call undoes payment, rows and logs', () => {
    const before = overlay.writeSet()
    expect(run('pay', { to: bob, amount: 10_000n }, { value: 50n }).error?.kind).toBe('FundsInsufficient')
    expect(overlay.writeSet()).toEqual(before)
    expect(overlay.access.written.size).toBeGreaterThan(0)
  })

  test('LED-14: a nested revert undoes the inner call only', () => {
    const inner = callData(probeAbi, 'failPlain', { reason: 'inner' })
    expect(run('nest', { to: probeAddress, data: inner, key: 3 }).success).toBe(true)
    expect(uint(run('load', { key: 3 }).returnData)).toBe(1n)
    const storing = callData(probeAbi, 'store', { key: 4, value: 9n })
    const failing = callData(probeAbi, 'nest', { to: probeAddress, data: storing, key: 5 })
    const outer = run('nest', { to: probeAddress, data: failing, key: 6 })
    expect(outer.success).toBe(true)
    expect(uint(run('load', { key: 4 }).returnData)).toBe(9n)
  })

  test('LED-14: gas exhaustion fails the whole call, also from within', () => {
    const outcome = run('burnGas', { gas: 1_000_000 }, { gasLimit: 50_000 })
    expect(outcome).toMatchObject({ success: false, gasUsed: 50_000, error: { kind: 'GasExhausted' } })
    expect(outcome.returnData.length).toBe(0)
    const inner = callData(probeAbi, 'burnGas', { gas: 1_000_000 })
    const nested = run('nest', { to: probeAddress, data: inner, key: 8 }, { gasLimit: 50_000 })
    expect(nested).toMatchObject({ success: false, gasUsed: 50_000 })
    expect(uint(run('load', { key: 8 }).returnData)).toBe(0n)
    expect(run('load', { key: 8 }, { gasLimit: 999 }).error?.kind).toBe('GasExhausted')
  })

  test('LED-14: nesting is bounded', () => {
    expect(uint(run('deepen', {}).returnData)).toBe(1n)
    const spent = run('deepen', {}).gasUsed
    expect(spent).toBe(17 * 1_010)
  })

  test('LED-14: logs are bounded and vanish with a nested revert', () => {
    expect(run('chatter', { count: 5 }).logs).toHaveLength(5)
    expect(run('chatter', { count: 6 }, { logLimit: 5 }).error?.reason).toContain('too many logs')
    const chatter = callData(probeAbi, 'chatter', { count: 3 })
    expect(run('nest', { to: probeAddress, data: chatter, key: 1 }).logs).toHaveLength(3)
    const bad = run('nest', { to: probeAddress, data: chatter, key: 1 }, { logLimit: 2 })
    expect(bad).toMatchObject({ success: true, logs: [] })
  })
})

describe('QLT-4: defects stop execution instead of passing for reverts', () => {
  test.each(['defect', 'writeInView'])('QLT-4: %s', (name) => {
    expect(() => run(name, {})).toThrow(/internal check failed/)
  })
})

describe('CTR-2: keys', () => {
  test('CTR-2: declared keys cover what is touched; unknown ones are undefined', () => {
    const request = probeCall('store', { key: 1, value: 2n })
    executeCall(probeHost, overlay, request)
    expect(keysCover(callKeys(probeHost, request)!, overlay.access)).toBe(true)
    expect(keysCover([], overlay.access)).toBe(false)
    expect(callKeys(probeHost, probeCall('hidden', {}))).toBeUndefined()
  })

  test('CTR-2: a payment touches both accounts', () => {
    const request = requestOf({ caller: alice, to: bob, data: new Uint8Array(0), value: 1n })
    executeCall(probeHost, overlay, request)
    expect(keysCover(callKeys(probeHost, request)!, overlay.access)).toBe(true)
    expect(overlay.access.written).toEqual(new Set([`a:${'01'.repeat(20)}`, `a:${'02'.repeat(20)}`]))
  })

  test('CTR-2: ids of UTXOs differ between calls of a transaction', () => {
    const transactionId = hashOfNumber(77)
    const first = run('mintUtxo', { amount: 1n }, { transactionId, callIndex: 0 })
    const second = run('mintUtxo', { amount: 1n }, { transactionId, callIndex: 1 })
    expect(first.success && second.success).toBe(true)
    expect(equalBytes(first.returnData, second.returnData)).toBe(false)
    expect(overlay.utxosOf(alice, 9).map(toHex)).toEqual(
      [second, first].map(({ returnData }) => toHex(asHash(returnData))),
    )
  })
})

describe('CTR-2: typed tables', () => {
  test('CTR-2: long records span rows, zero rows are not stored', () => {
    const zero = new Uint8Array(32)
    const some = hashOfNumber(1)
    run('storeWide', { head: some, middle: zero, tail: some })
    expect(overlay.writeSet().storage.map(({ value }) => value?.length)).toEqual([64, 32])
    run('storeWide', { head: zero, middle: zero, tail: zero })
    expect(overlay.writeSet().storage).toEqual([])
    expect(overlay.createdRows().utxos).toBe(0)
  })
})
