import { native } from '@banyan/crypto/native'
import { describeBatch, generalBatch, packageItemLength, transferRecordLength } from '@banyan/ledger'
import type { NodeCosts, Payload, SignatureCosts } from '@banyan/sim'
import { createRandom } from '@banyan/testing'
import { appendBlock, extendChain, openBenchLog } from '../ledger/durable-run.js'
import {
  benchChain,
  joinPeople,
  packageEnvelopes,
  randomPeople,
  rewriteTransfers,
  signingPeople,
  unsignedTransfers,
} from '../ledger/workload.js'
import { type Peer, startPeer } from '../network/ways.js'
import type { BenchContext } from '../runner/benchmark.js'
import { encodedVotes, stepVotes } from './vote-step.js'

/** What operations cost on this machine, on one core. */
export type Calibration = { readonly costs: NodeCosts; readonly signed: Payload; readonly packaged: Payload }

const random = createRandom(3)
const message = random.bytes(32)

/** CPU µs of one operation out of `count`. */
async function micros(context: BenchContext, count: number, once: () => void): Promise<number> {
  const rate = await context.median(count, () => {
    for (let i = 0; i < count; i++) once()
  })
  return rate.cpuMicros
}

async function ed25519Costs(context: BenchContext): Promise<SignatureCosts> {
  const seed = random.bytes(32)
  const key = native.ed25519.publicKey(seed)
  const signature = native.ed25519.sign(message, seed)
  const verify = await micros(context, 500, () => native.ed25519.verify(signature, message, key))
  return {
    bytes: 64,
    isSummed: false,
    sign: await micros(context, 500, () => native.ed25519.sign(message, seed)),
    verify,
    // Signatures stand side by side in a certificate, and each is checked.
    combine: 0,
    verifyCombined: 0,
    verifyCombinedEach: verify,
  }
}

async function blsCosts(context: BenchContext): Promise<SignatureCosts> {
  const { bls } = native
  const few = 20
  const many = 420
  const secrets = Array.from({ length: many }, (_, i) =>
    new Uint8Array(32).fill(1 + (i >> 8), 0, 30).fill(i, 30),
  )
  const keys = secrets.map((secret) => bls.readKey(bls.publicKey(secret))!)
  const signatures = secrets.map((secret) => bls.sign(message, secret))
  const verifyOf = (count: number): Promise<number> => {
    const sum = bls.aggregate(signatures.slice(0, count))!
    const signers = keys.slice(0, count)
    return micros(context, 10, () => bls.verifyAggregate(sum, message, signers))
  }
  const ofFew = await verifyOf(few)
  const each = Math.max(0, (await verifyOf(many)) - ofFew) / (many - few)
  return {
    bytes: 96,
    isSummed: true,
    sign: await micros(context, 50, () => bls.sign(message, secrets[0]!)),
    verify: await micros(context, 20, () => bls.verify(signatures[0]!, message, keys[0]!)),
    combine: (await micros(context, 2, () => bls.aggregate(signatures))) / many,
    verifyCombined: ofFew - few * each,
    verifyCombinedEach: each,
  }
}

type Sending = { readonly send: number; readonly receive: number }

/** CPU µs of a message on both sides, encrypted, each sent by itself. */
async function messageCosts(
  context: BenchContext,
  peer: Peer,
  channel: 'votes' | 'data',
  bytes: number,
  count: number,
): Promise<Sending> {
  const content = new Uint8Array(bytes)
  const receive: number[] = []
  const rate = await context.median(count, async () => {
    const { received } = await peer.expect(count)
    await peer.libp2p.send(channel, content, count, 1)
    receive.push((await received) / count)
  })
  receive.sort((a, b) => a - b)
  return { send: rate.cpuMicros, receive: receive[receive.length >> 1]! }
}

async function networkCosts(context: BenchContext) {
  const peer = await startPeer()
  try {
    const small = await messageCosts(context, peer, 'votes', 200, context.quick ? 4000 : 20_000)
    const large = await messageCosts(context, peer, 'data', 1e6, context.quick ? 10 : 40)
    return {
      sendMessage: small.send,
      receiveMessage: small.receive,
      sendByte: large.send / 1e6,
      receiveByte: large.receive / 1e6,
    }
  } finally {
    await peer.close()
  }
}

async function diskCosts(context: BenchContext) {
  const { log, close } = await openBenchLog()
  try {
    const write = async (bytes: number): Promise<number> => {
      const content = random.bytes(bytes)
      const rate = await context.median(10, async () => {
        for (let i = 0; i < 10; i++) await log.append([content])
      })
      return 1e6 / rate.perSecond
    }
    const sync = await write(128)
    return { sync, writeByte: Math.max(0, (await write(1e6)) - sync) / 1e6 }
  } finally {
    await close()
  }
}

/** CPU µs of a transfer, and of an item of a package of 1,000, besides the check of its signature. */
async function executionCosts(context: BenchContext) {
  const people = joinPeople(signingPeople(1), randomPeople(random, context.quick ? 100_000 : 1_000_000))
  const chain = benchChain(people, { delegate: true })
  const { log, close } = await openBenchLog()
  const perBlock = 10_000
  const blocks = context.quick ? 2 : 5
  try {
    const batches = Array.from({ length: blocks }, () => unsignedTransfers(chain, people, random, perBlock))
    const execute = async (batch: (typeof batches)[number]): Promise<void> => {
      const described = describeBatch(native, chain.domains, batch)
      await appendBlock(log, extendChain(chain, people, described), described)
    }
    const transfer = await context.median(
      blocks * perBlock,
      async () => {
        for (const batch of batches) await execute(batch)
      },
      () => {
        for (const batch of batches) rewriteTransfers(batch, chain, people, random)
      },
    )
    const item = await context.median(
      blocks * perBlock,
      async (packages: typeof batches) => {
        for (const batch of packages) await execute(batch)
      },
      () =>
        Array.from({ length: blocks }, () =>
          generalBatch(packageEnvelopes(chain, people, random, perBlock / 1000, 1000)),
        ),
    )
    return { transfer: transfer.cpuMicros, item: item.cpuMicros }
  } finally {
    await close()
  }
}

/** Measures everything that the model of a network is made of. */
export async function calibrate(context: BenchContext): Promise<Calibration> {
  const votes = encodedVotes(100)
  const stepping = await context.median(votes.length, () => stepVotes(votes))
  const ed25519 = await ed25519Costs(context)
  const { transfer, item } = await executionCosts(context)
  const costs: NodeCosts = {
    ed25519,
    bls: await blsCosts(context),
    step: stepping.cpuMicros,
    ...(await networkCosts(context)),
    ...(await diskCosts(context)),
  }
  const perPackage = 1000
  return {
    costs,
    signed: {
      name: 'individually signed',
      bytes: transferRecordLength,
      verify: ed25519.verify,
      execute: transfer,
    },
    packaged: {
      name: 'packaged by 1,000',
      // A package has about as much around its items as a transfer has in all.
      bytes: packageItemLength + transferRecordLength / perPackage,
      verify: ed25519.verify / perPackage,
      execute: item,
    },
  }
}
