import {
  createHash,
  createPrivateKey,
  createPublicKey,
  sign as nodeSign,
  verify as nodeVerify,
} from 'node:crypto'
import { type CryptoProvider, merkleRoot, portable } from '@banyan/crypto'
import { native } from '@banyan/crypto/native'
import { createRandom } from '@banyan/testing'
import type { Bench, BenchContext, Row } from './runner/benchmark.js'

const random = createRandom(1)

/** PKCS #8 wrapping of a 32-byte ed25519 seed (RFC 8410, section 7). */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')

/** Runs `once` as often as asked. */
function times(count: number, once: (index: number) => void): () => void {
  return () => {
    for (let i = 0; i < count; i++) once(i)
  }
}

async function compare(
  context: BenchContext,
  what: string,
  count: number,
  ours: (index: number) => void,
  peer: { readonly name: string; readonly count: number; readonly run: (index: number) => void },
): Promise<Row> {
  const rate = await context.median(count, times(count, ours))
  const peerRate = await context.median(peer.count, times(peer.count, peer.run))
  return {
    what,
    unit: 'op/s',
    ours: rate.perSecond,
    against: { name: peer.name, value: peerRate.perSecond },
    cpuMicros: rate.cpuMicros,
  }
}

async function signatureRows(context: BenchContext, scale: number): Promise<readonly Row[]> {
  const seed = random.bytes(32)
  const message = random.bytes(32)
  const { ed25519, secp256k1, p256 } = native
  const privateKey = createPrivateKey({
    key: Buffer.concat([pkcs8Prefix, seed]),
    format: 'der',
    type: 'pkcs8',
  })
  const publicKey = createPublicKey(privateKey)
  const key = ed25519.publicKey(seed)
  const signature = ed25519.sign(message, seed)
  const recoverable = secp256k1.sign(message, seed)
  const p256Key = p256.publicKey(seed)
  const p256Signature = p256.sign(native.sha256(message), seed)
  const recover = (provider: CryptoProvider) => () =>
    provider.secp256k1.recover(message, recoverable.signature, recoverable.recovery)
  const verifyP256 = (provider: CryptoProvider) => () =>
    provider.p256.verifyMessage(message, p256Signature, p256Key)
  return [
    await compare(context, 'ed25519 verify', 2000 * scale, () => ed25519.verify(signature, message, key), {
      name: 'OpenSSL by node:crypto',
      count: 1000 * scale,
      run: () => nodeVerify(null, message, publicKey, signature),
    }),
    await compare(context, 'ed25519 sign', 2000 * scale, () => ed25519.sign(message, seed), {
      name: 'OpenSSL by node:crypto',
      count: 1000 * scale,
      run: () => nodeSign(null, message, privateKey),
    }),
    await compare(
      context,
      'ed25519 verify, portable',
      40 * scale,
      () => portable.ed25519.verify(signature, message, key),
      {
        name: 'native',
        count: 2000 * scale,
        run: () => ed25519.verify(signature, message, key),
      },
    ),
    await compare(context, 'secp256k1 recover', 2000 * scale, recover(native), {
      name: 'portable',
      count: 40 * scale,
      run: recover(portable),
    }),
    await compare(context, 'P-256 verify', 500 * scale, verifyP256(native), {
      name: 'portable',
      count: 20 * scale,
      run: verifyP256(portable),
    }),
  ]
}

async function hashRows(context: BenchContext, scale: number): Promise<readonly Row[]> {
  const leaves = 2 ** 14
  const nodes = random.bytes(32 * leaves)
  const parents = new Uint8Array(16 * leaves)
  const block = random.bytes(64)
  const pairs = await context.median(
    (leaves / 2) * 4 * scale,
    times(4 * scale, () => native.hashPairs(nodes, parents)),
  )
  const openssl = await context.median(
    4000 * scale,
    times(4000 * scale, () => createHash('sha256').update(block).digest()),
  )
  const root = await context.median(
    (leaves - 1) * 2 * scale,
    times(2 * scale, () => merkleRoot(native, nodes, 14)),
  )
  return [
    {
      what: 'SHA-256 of 64-byte pairs, many at once',
      unit: 'op/s',
      ours: pairs.perSecond,
      against: { name: 'OpenSSL by node:crypto, one at a time', value: openssl.perSecond },
      cpuMicros: pairs.cpuMicros,
    },
    {
      what: 'Merkle nodes of a tree of 16,384 leaves',
      unit: 'op/s',
      ours: root.perSecond,
      against: { name: 'pair hashing alone (limit)', value: pairs.perSecond },
      cpuMicros: root.cpuMicros,
    },
    await compare(context, 'Keccak-256 of 64 bytes', 4000 * scale, () => native.keccak256(block), {
      name: 'portable',
      count: 1000 * scale,
      run: () => portable.keccak256(block),
    }),
  ]
}

export const bench: Bench = {
  name: 'crypto',
  title: 'Hashes and signatures, one thread',
  run: async (context) => {
    const scale = context.quick ? 1 : 4
    return [...(await hashRows(context, scale)), ...(await signatureRows(context, scale))]
  },
}
