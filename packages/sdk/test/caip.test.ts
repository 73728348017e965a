import {
  formatAccount,
  formatAddress,
  formatAsset,
  formatChain,
  parseAccount,
  parseAddress,
  parseAsset,
  parseChain,
} from '@banyan/sdk'
import fc from 'fast-check'
import { getAddress, toHex } from 'viem'
import { expect, test } from 'vitest'

const address = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => toHex(bytes))
const chainId = fc.integer({ min: 1, max: 10 ** 12 })

test('SDK-1: chains, accounts and assets have names of CAIP, which are read back', () => {
  fc.assert(
    fc.property(chainId, address, fc.nat(2 ** 31), (chain, account, asset) => {
      expect(parseChain(formatChain(chain))).toBe(chain)
      expect(formatAddress(account)).toBe(getAddress(account))
      expect(parseAccount(formatAccount({ chainId: chain, address: account }))).toEqual({
        chainId: chain,
        address: account,
      })
      expect(parseAsset(formatAsset({ chainId: chain, asset }))).toEqual({ chainId: chain, asset })
    }),
  )
})

test('SDK-1: what is no name, or has a wrong checksum, is refused', () => {
  const wrong = ['', 'eip155:', 'eip155:0', 'bip122:1', 'eip155:7001:0x12', 'eip155:1/erc20:0x12']
  for (const text of wrong) {
    for (const parse of [parseChain, parseAccount, parseAsset]) {
      expect(() => parse(text), text).toThrow(expect.objectContaining({ kind: 'ChainIdentifierMalformed' }))
    }
  }
  const mixed = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed'
  expect(parseAddress(` ${mixed} `)).toBe(mixed.toLowerCase())
  expect(() => parseAddress(mixed.replace('5aA', '5AA'))).toThrow(
    expect.objectContaining({ kind: 'AddressChecksumWrong' }),
  )
})
