import { asAddress, asChainId, asHash, fromHex, toHex } from '@banyan/base'
import { portable } from '@banyan/crypto'
import {
  decodeEthereum,
  encodeEthereum,
  ethereumSender,
  ethereumSigningHash,
  signEthereum,
  type UnsignedEthereum,
} from '@banyan/ledger'
import fc from 'fast-check'
import { keccak256, parseTransaction, recoverTransactionAddress, serializeTransaction } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import { provider, secret, unsignedAccessList, unsignedEthereum, unsignedLegacy } from './samples.js'

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const entry = fc.record({
  address: bytes(20).map(asAddress),
  storageKeys: fc.array(bytes(32).map(asHash), { maxLength: 3 }),
})

/** Fields over their whole ranges, edges included. */
const fields = fc
  .record({
    type: fc.constantFrom(0 as const, 1 as const, 2 as const),
    chainId: fc.bigInt(1n, BigInt(Number.MAX_SAFE_INTEGER) >> 2n).map(asChainId),
    nonce: fc.bigInt(0n, BigInt(Number.MAX_SAFE_INTEGER)),
    maxFeePerGas: fc.bigInt(0n, 2n ** 128n - 1n),
    tipShare: fc.bigInt(0n, 100n),
    gasLimit: fc.bigInt(0n, 2n ** 64n - 1n),
    to: bytes(20).map(asAddress),
    value: fc.bigInt(0n, 2n ** 128n - 1n),
    data: fc.uint8Array({ maxLength: 300 }),
    accessList: fc.array(entry, { maxLength: 3 }),
  })
  .map(({ tipShare, ...tx }): UnsignedEthereum => {
    const tip = tx.type === 2 ? (tx.maxFeePerGas * tipShare) / 100n : tx.maxFeePerGas
    return { ...tx, maxPriorityFeePerGas: tip, accessList: tx.type === 0 ? [] : tx.accessList }
  })

/** The same transaction as viem's fields. */
function viemFields(tx: UnsignedEthereum) {
  const call = {
    chainId: Number(tx.chainId),
    nonce: Number(tx.nonce),
    gas: tx.gasLimit,
    to: toHex(tx.to),
    value: tx.value,
    data: toHex(tx.data),
  }
  const accessList = tx.accessList.map(({ address, storageKeys }) => ({
    address: toHex(address),
    storageKeys: storageKeys.map(toHex),
  }))
  if (tx.type === 0) return { ...call, type: 'legacy', gasPrice: tx.maxFeePerGas } as const
  if (tx.type === 1) return { ...call, type: 'eip2930', gasPrice: tx.maxFeePerGas, accessList } as const
  const { maxFeePerGas, maxPriorityFeePerGas } = tx
  return { ...call, type: 'eip1559', maxFeePerGas, maxPriorityFeePerGas, accessList } as const
}

const viemAccount = privateKeyToAccount(toHex(secret))

async function compareWithViem(unsigned: UnsignedEthereum): Promise<void> {
  const reference = viemFields(unsigned)
  expect(toHex(ethereumSigningHash(provider, unsigned))).toBe(keccak256(serializeTransaction(reference)))
  const signed = signEthereum(provider, unsigned, secret)
  const envelope = encodeEthereum(signed)
  expect(toHex(envelope)).toBe(await viemAccount.signTransaction(reference))
  expect(decodeEthereum(envelope)).toEqual(signed)
  expect(toHex(ethereumSender(provider, signed)!)).toBe(viemAccount.address.toLowerCase())
}

describe('Ethereum transactions', () => {
  test('LED-3: viem and the ledger serialize, hash and sign the three types alike', async () => {
    for (const unsigned of [unsignedLegacy, unsignedAccessList, unsignedEthereum])
      await compareWithViem(unsigned)
  })

  test('LED-3: a transaction with every field zero but the recipient agrees with viem', async () => {
    const zero = { nonce: 0n, maxFeePerGas: 0n, maxPriorityFeePerGas: 0n, gasLimit: 0n, value: 0n }
    for (const unsigned of [unsignedLegacy, unsignedAccessList, unsignedEthereum]) {
      await compareWithViem({ ...unsigned, ...zero, data: new Uint8Array(0), accessList: [] })
    }
  })

  test('QLT-4: random transactions agree with viem', async () => {
    await fc.assert(fc.asyncProperty(fields, compareWithViem), { numRuns: 300, seed: 3 })
  })

  test('LED-3: what viem signs is decoded to the fields that viem reads, with its sender and hash', async () => {
    const data = toHex(new Uint8Array(70_000).fill(9))
    for (const unsigned of [unsignedLegacy, unsignedAccessList, unsignedEthereum]) {
      const text = await viemAccount.signTransaction({ ...viemFields(unsigned), data })
      const tx = decodeEthereum(fromHex(text)!)
      const reference = parseTransaction(text)
      expect(toHex(tx.data)).toBe(reference.data)
      expect(tx.value).toBe(reference.value)
      expect(toHex(tx.r)).toBe(reference.r)
      expect(toHex(tx.s)).toBe(reference.s)
      expect(toHex(provider.keccak256(fromHex(text)!))).toBe(keccak256(text))
      const sender = await recoverTransactionAddress({ serializedTransaction: text as never })
      expect(toHex(ethereumSender(portable, tx)!)).toBe(sender.toLowerCase())
    }
  })

  test('LED-3: the legacy example of EIP-155 is decoded, and its sender recovered', () => {
    const example =
      'f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025a028ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83'
    const tx = decodeEthereum(fromHex(example)!)
    expect(tx).toMatchObject({ type: 0, chainId: 1n, nonce: 9n, gasLimit: 21_000n, value: 10n ** 18n })
    expect(tx.maxFeePerGas).toBe(20n * 10n ** 9n)
    expect(toHex(ethereumSigningHash(provider, tx))).toBe(
      '0xdaf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53',
    )
    expect(toHex(ethereumSender(provider, tx)!)).toBe('0x9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f')
  })

  test('LED-3: the largest chain id, nonce, gas limit, price and value survive a round trip', () => {
    const largest = { nonce: 2n ** 64n - 1n, gasLimit: 2n ** 64n - 1n, value: 2n ** 128n - 1n }
    for (const base of [unsignedLegacy, unsignedAccessList, unsignedEthereum]) {
      const unsigned = {
        ...base,
        ...largest,
        chainId: asChainId(2n ** 64n - 1n),
        maxFeePerGas: 2n ** 128n - 1n,
      }
      const tx = signEthereum(provider, { ...unsigned, maxPriorityFeePerGas: unsigned.maxFeePerGas }, secret)
      expect(decodeEthereum(encodeEthereum(tx))).toEqual(tx)
    }
  })

  test('LED-3: a transaction that its type cannot hold is not encoded', () => {
    const signed = signEthereum(provider, unsignedEthereum, secret)
    const refused = [
      { ...signed, value: 2n ** 128n },
      { ...signed, value: -1n },
      { ...signed, nonce: 2n ** 64n },
      { ...signed, chainId: asChainId(2n ** 64n) },
      { ...signed, to: asAddress(new Uint8Array(0)) },
      { ...signed, r: signed.r.subarray(1) },
      { ...signed, type: 0 as const },
      { ...signed, type: 1 as const },
      { ...signed, accessList: [{ address: asAddress(new Uint8Array(19)), storageKeys: [] }] },
      { ...signed, accessList: [{ address: signed.to, storageKeys: [asHash(new Uint8Array(31))] }] },
    ]
    for (const tx of refused)
      expect(() => encodeEthereum(tx)).toThrow(expect.objectContaining({ kind: 'OptionInvalid' }))
  })
})
