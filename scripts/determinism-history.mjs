// Executes one fixed history and prints the roots it leads to: `node scripts/determinism-history.mjs`, on any Node.
import { ed25519Address, portable } from '@banyan/crypto'
import {
  buildBlock,
  createChain,
  createCollection,
  describeBatch,
  encodePackage,
  finalize,
  generalBatch,
  packItems,
  transferBatch,
} from '@banyan/ledger'
import { createRandom } from '@banyan/testing'

const blocks = 40
const transfersPerBlock = 500
const accounts = 300
const zeroHash = new Uint8Array(32)

/** Signatures are random bytes here; every one is taken. */
const trusting = (provider) => ({ ...provider, ed25519: { ...provider.ed25519, verify: () => true } })

function genesisOf(addresses) {
  const prices = { compute: 1_000_000n, bytes: 1_000_000n, state: 1_000_000n }
  const limit = { compute: 3_000_000, bytes: 4_000_000, state: 1_000_000 }
  const asset = { issuer: addresses[0], flags: 0, decimals: 0, cap: 1n << 100n, metadataHash: zeroHash }
  return {
    chainId: 1n,
    timestamp: 0n,
    fees: { start: prices, floor: { compute: 1n, bytes: 1n, state: 1n }, limit },
    maxRows: 2 ** 20,
    accounts: addresses.slice(0, 200).map((address, i) => ({
      address,
      balance: 10n ** BigInt(8 + (i % 12)),
      ...(i % 3 === 1 ? { delegate: addresses[0] } : {}),
    })),
    assets: [{ ...asset, name: 'asset', symbol: 'A', holders: [{ owner: addresses[0], amount: 1n << 99n }] }],
  }
}

function drawTransfer(random, keys, addresses, mark, height) {
  const record = new Uint8Array(192)
  const view = new DataView(record.buffer)
  record.set(keys[random.below(accounts)])
  record.set(mark, 32)
  record.set(addresses[random.below(accounts)], 64)
  view.setUint32(84, random.below(8) === 0 ? 1 : 0, true)
  record.set(random.bytes(8), 88)
  record.set(random.bytes(random.below(10)), 96)
  view.setUint32(112, random.below(100_000), true)
  view.setUint32(116, random.below(10), true)
  view.setBigUint64(120, BigInt(height + random.below(3)), true)
  record.set(random.bytes(64), 128)
  return record
}

function drawPackage(random, keys, mark, height) {
  const items = Array.from({ length: 1 + random.below(20) }, () => ({
    payer: random.below(4) === 0 ? 1 + random.below(200) : 1,
    payee: random.below(205),
    amount: random.bigint(1n << 40n),
  }))
  return encodePackage({
    kind: 'package',
    signerKey: keys[0],
    mark,
    nonce: random.bigint(1n << 64n),
    validUntil: BigInt(height),
    asset: random.below(2),
    maxFee: 2 ** 32 - 1,
    tip: 1,
    mode: random.below(2) === 0 ? 'atomic' : 'perItem',
    items: packItems(items),
    signature: random.bytes(64),
  })
}

function finalRoots(provider, memory) {
  const random = createRandom(1)
  const keys = Array.from({ length: accounts }, () => random.bytes(32))
  const addresses = keys.map((key) => ed25519Address(provider, key))
  const options = { provider: trusting(provider), memory, collection: createCollection(1, []) }
  const chain = createChain({ ...options, genesis: genesisOf(addresses) })
  for (let height = 1; height <= blocks; height++) {
    const mark = chain.head.id
    const records = Buffer.concat(
      Array.from({ length: transfersPerBlock }, () => drawTransfer(random, keys, addresses, mark, height)),
    )
    const packages = Array.from({ length: 10 }, () => drawPackage(random, keys, mark, height))
    const batches = [transferBatch(records), generalBatch(packages)].map((batch) =>
      describeBatch(options.provider, chain.domains, batch),
    )
    buildBlock(chain, { batches, proposer: addresses[1], timestamp: BigInt(height), view: height })
    finalize(chain, height)
  }
  return Buffer.concat([chain.head.id, chain.stateRoot]).toString('hex')
}

const results = { 'portable, private memory': finalRoots(portable, 'private') }
try {
  const { native } = await import('@banyan/crypto/native')
  results['native, shared memory'] = finalRoots(native, 'shared')
} catch (error) {
  if (error.name !== 'NativeUnavailable' && error.code !== 'ERR_DLOPEN_FAILED') throw error
  results['native, shared memory'] = 'native code is not available'
}
console.log(JSON.stringify({ node: process.versions.node, results }))
