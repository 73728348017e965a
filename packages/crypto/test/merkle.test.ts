import { asChainId, asHash, concatBytes, equalBytes, uintToLe } from '@banyan/base'
import {
  branchOf,
  chunkify,
  containerRoot,
  listRoot,
  merkleRoot,
  mixInLength,
  portable,
  rootFromBranch,
  signingDomain,
  signingRoot,
  tag,
  verifyBranch,
  zeroHashes,
} from '@banyan/crypto'
import { native } from '@banyan/crypto/native'
import {
  ByteVectorType,
  ContainerType,
  ListBasicType,
  ListCompositeType,
  UintNumberType,
} from '@chainsafe/ssz'
import fc from 'fast-check'
import { expect, test } from 'vitest'

const bytes32 = new ByteVectorType(32)
const chunkLists = fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { maxLength: 70 })
const flat = (chunks: readonly Uint8Array[]): Uint8Array => concatBytes(...chunks)

test('LED-7: list roots are those of an SSZ library', () => {
  fc.assert(
    fc.property(chunkLists, fc.constantFrom(7, 10, 22, 32), (chunks, depth) => {
      const oracle = new ListCompositeType(bytes32, 2 ** depth).hashTreeRoot(chunks)
      expect(listRoot(native, flat(chunks), depth)).toEqual(oracle)
      expect(listRoot(portable, flat(chunks), depth)).toEqual(oracle)
    }),
    { numRuns: 60 },
  )
})

test('LED-7: byte lists are chunked and mixed with their length in bytes', () => {
  const type = new ListBasicType(new UintNumberType(1), 65536)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (data) => {
      const root = mixInLength(native, merkleRoot(native, chunkify(data), 11), data.length)
      expect(root).toEqual(type.hashTreeRoot([...data]))
    }),
    { numRuns: 60 },
  )
})

test('LED-7: container roots are those of an SSZ library', () => {
  for (let fields = 1; fields <= 17; fields++) {
    const chunks = Array.from({ length: fields }, (_, i) => new Uint8Array(32).fill(i + 1))
    const names = chunks.map((_, i) => `field${i}`)
    const type = new ContainerType(Object.fromEntries(names.map((name) => [name, bytes32])))
    const value = Object.fromEntries(names.map((name, i) => [name, chunks[i]!]))
    expect(containerRoot(native, flat(chunks))).toEqual(type.hashTreeRoot(value))
  }
})

test('LED-7: an empty tree has the zero hash of its depth', () => {
  expect(zeroHashes[0]).toEqual(new Uint8Array(32))
  expect(zeroHashes[1]).toEqual(native.sha256(new Uint8Array(64)))
  expect(merkleRoot(native, new Uint8Array(0), 32)).toEqual(zeroHashes[32])
  merkleRoot(native, new Uint8Array(0), 1).fill(9)
  expect(merkleRoot(native, new Uint8Array(0), 1)).toEqual(zeroHashes[1])
})

test('LED-7: an odd node is not paired with itself', () => {
  const [a, b, c] = [1, 2, 3].map((value) => new Uint8Array(32).fill(value)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ]
  expect(listRoot(native, flat([a, b, c]), 2)).not.toEqual(listRoot(native, flat([a, b, c, c]), 2))
  expect(merkleRoot(native, flat([a, b, c]), 2)).not.toEqual(merkleRoot(native, flat([a, b, c, c]), 2))
})

test('LED-7: chunks that do not fit are refused', () => {
  const wrong = expect.objectContaining({ kind: 'OptionInvalid' })
  expect(() => merkleRoot(native, new Uint8Array(96), 1)).toThrow(wrong)
  expect(() => merkleRoot(native, new Uint8Array(33), 5)).toThrow(wrong)
  expect(() => branchOf(native, new Uint8Array(96), 0, 1)).toThrow(wrong)
})

test('LED-7: every branch leads to the root, and no altered branch does', () => {
  fc.assert(
    fc.property(chunkLists, fc.constantFrom(7, 32), fc.nat(), fc.nat(), (chunks, depth, at, noise) => {
      const index = at % (chunks.length + 5)
      const leaf = chunks[index] ?? zeroHashes[0]!
      const root = merkleRoot(native, flat(chunks), depth)
      const branch = branchOf(native, flat(chunks), index, depth)
      expect(rootFromBranch(portable, leaf, index, branch)).toEqual(root)
      expect(verifyBranch(native, root, leaf, index, depth, branch)).toBe(true)
      const bit = noise % (8 * branch.length)
      const altered = new Uint8Array(branch)
      altered[bit >> 3]! ^= 1 << (bit & 7)
      expect(verifyBranch(native, root, leaf, index, depth, altered)).toBe(false)
      const sibling = branch.subarray(0, 32)
      if (!equalBytes(sibling, leaf)) {
        expect(verifyBranch(native, root, leaf, index ^ 1, depth, branch)).toBe(false)
      }
      expect(verifyBranch(native, root, leaf, index, depth - 1, branch)).toBe(false)
    }),
    { numRuns: 60 },
  )
})

test('LED-7: a branch must fit the index', () => {
  const leaf = new Uint8Array(32)
  for (const index of [4, -1, 0.5, Number.NaN]) {
    expect(rootFromBranch(native, leaf, index, new Uint8Array(64))).toBeUndefined()
  }
  expect(rootFromBranch(native, leaf, 0, new Uint8Array(63))).toBeUndefined()
  expect(rootFromBranch(native, new Uint8Array(31), 0, new Uint8Array(64))).toBeUndefined()
  expect(rootFromBranch(native, leaf, 0, new Uint8Array(32 * 49))).toBeUndefined()
})

test('LED-4: the signing root binds kind, chain and genesis', () => {
  const body = native.sha256(new Uint8Array(1))
  const genesis = native.sha256(new Uint8Array(2))
  const chainId = asChainId(0x1_0000_0001n)
  const inner = native.sha256(concatBytes(tag('banyan/transfer'), uintToLe(chainId, 32)))
  const domain = native.sha256(concatBytes(inner, genesis))
  expect(signingDomain(native, 'banyan/transfer', chainId, genesis)).toEqual(domain)
  expect(signingRoot(portable, body, domain)).toEqual(native.sha256(concatBytes(body, domain)))
  const others = [
    signingDomain(native, 'banyan/package', chainId, genesis),
    signingDomain(native, 'banyan/transfer', asChainId(1n), genesis),
    signingDomain(native, 'banyan/transfer', chainId, asHash(new Uint8Array(32))),
  ]
  for (const other of others) expect(other).not.toEqual(domain)
})
