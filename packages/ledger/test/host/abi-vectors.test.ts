import { fromHex, toHex, utf8 } from '@banyan/base'
import { type AbiFunction, decodeArguments, encodeCall, selectorOf } from '@banyan/ledger'
import * as Abi from 'ox/Abi'
import { expect, test } from 'vitest'

const word = (hex: string): string => hex.padStart(64, '0')
const bytesWord = (text: string): string => toHex(utf8(text)).slice(2).padEnd(64, '0')

/** The worked examples of the Ethereum contract ABI specification. */
const vectors = [
  {
    signature: 'function baz(uint32 x, bool y)',
    args: { x: 69, y: true },
    data: ['cdcd77c0', word('45'), word('1')],
  },
  {
    signature: 'function sam(bytes a, bool b, uint256[] c)',
    args: { a: utf8('dave'), b: true, c: [1n, 2n, 3n] },
    data: [
      'a5643bf2',
      ...['60', '1', 'a0', '4'].map(word),
      bytesWord('dave'),
      ...['3', '1', '2', '3'].map(word),
    ],
  },
  {
    signature: 'function f(uint256 a, uint32[] b, bytes10 c, bytes d)',
    args: { a: 0x123n, b: [0x456, 0x789], c: utf8('1234567890'), d: utf8('Hello, world!') },
    data: [
      '8be65246',
      ...['123', '80'].map(word),
      bytesWord('1234567890'),
      ...['e0', '2', '456', '789', 'd'].map(word),
      bytesWord('Hello, world!'),
    ],
  },
]

test.each(vectors)(
  'CTR-1: $signature is coded as the ABI specification says',
  ({ signature, args, data }) => {
    const [item] = Abi.from([signature]) as unknown as readonly [AbiFunction]
    const bytes = fromHex(data.join(''))!
    expect(toHex(encodeCall(item, args))).toBe(toHex(bytes))
    expect(selectorOf(item)).toBe(`0x${data[0]}`)
    expect(decodeArguments(item, bytes.subarray(4))).toEqual(args)
  },
)
