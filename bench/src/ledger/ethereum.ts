import { genesisCollection } from '@banyan/contracts'
import { type CryptoProvider, portable } from '@banyan/crypto'
import { native } from '@banyan/crypto/native'
import { buildBlock, createChain, describeBatch, finalize, generalBatch } from '@banyan/ledger'
import { Common, Hardfork, Mainnet } from '@ethereumjs/common'
import { MerkleStateManager } from '@ethereumjs/statemanager'
import { createTxFromRLP } from '@ethereumjs/tx'
import { createAccount, createAddressFromString } from '@ethereumjs/util'
import { createVM, runTx } from '@ethereumjs/vm'
import type { BenchContext, Row } from '../runner/benchmark.js'
import { requireSuccess } from './durable-run.js'
import { paymentRecipients, paymentSenders, signedPayments } from './payments.js'
import { fees } from './workload.js'

/** Payments between two state roots. */
const perRoot = 400
const wealth = 10n ** 24n
/** The same kind of signed payments through our whole block path and through @ethereumjs/vm, one thread each. */
export async function ethereumRows(context: BenchContext): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const provider of [native, portable]) {
    const few = context.quick ? 200 : perRoot
    const ours = await ourRate(context, provider, provider === native ? 5 * perRoot : few)
    const peer = await peerRate(context, provider === native, few)
    const crypto = provider === native ? 'native secp256k1' : 'JavaScript secp256k1'
    rows.push({
      what: `plain EIP-1559 payments, signatures included, ${crypto}`,
      unit: 'tx/s',
      ours: ours.perSecond,
      against: { name: '@ethereumjs/vm 10.1.3 runTx', value: peer.perSecond },
      cpuMicros: ours.cpuMicros,
    })
  }
  return rows
}

async function ourRate(context: BenchContext, provider: CryptoProvider, count: number) {
  const accounts = [...paymentSenders.map(({ address }) => address), ...paymentRecipients]
  const chain = createChain({
    genesis: {
      chainId: 4243n,
      timestamp: 1n,
      fees,
      maxRows: 2 ** 20,
      accounts: accounts.map((address) => ({ address, balance: wealth })),
      assets: [],
    },
    provider,
    collection: genesisCollection,
  })
  let nonce = 0
  return context.median(
    count,
    (envelopes) => {
      for (let from = 0; from < count; from += perRoot) {
        const batch = describeBatch(
          provider,
          chain.domains,
          generalBatch(envelopes.slice(from, from + perRoot)),
        )
        const { header } = chain.head
        const block = buildBlock(chain, {
          batches: [batch],
          proposer: paymentRecipients[0]!,
          timestamp: header.timestamp + 1n,
          view: header.view + 1,
        })
        finalize(chain, block.header.height)
        requireSuccess(block)
      }
    },
    () => {
      const envelopes = signedPayments(4243n, count, nonce)
      nonce += Math.ceil(count / paymentSenders.length)
      return envelopes
    },
  )
}

/** Native recovery for the peer's seam, which gives `r` and `s` without leading zeros. */
function ecrecover(hash: Uint8Array, v: bigint, r: Uint8Array, s: Uint8Array): Uint8Array {
  const signature = new Uint8Array(64)
  signature.set(r, 32 - r.length)
  signature.set(s, 64 - s.length)
  return native.secp256k1.recover(hash, signature, v === 0n ? 0 : 1)!
}

async function peerRate(context: BenchContext, useNative: boolean, count: number) {
  const common = new Common({
    chain: Mainnet,
    hardfork: Hardfork.Cancun,
    ...(useNative ? { customCrypto: { ecrecover } } : {}),
  })
  const stateManager = new MerkleStateManager({ common })
  const vm = await createVM({ common, stateManager })
  for (const { address } of paymentSenders) {
    const text = `0x${Buffer.from(address).toString('hex')}` as const
    await stateManager.putAccount(createAddressFromString(text), createAccount({ balance: wealth }))
  }
  let nonce = 0
  return context.median(
    count,
    async (envelopes: readonly Uint8Array[]) => {
      for (const [i, envelope] of envelopes.entries()) {
        const tx = createTxFromRLP(envelope, { common, freeze: false })
        const result = await runTx(vm, { tx, skipBlockGasLimitValidation: true })
        if (result.execResult.exceptionError !== undefined) throw new Error('a payment failed')
        if ((i + 1) % perRoot === 0) await stateManager.flush()
      }
      await stateManager.flush()
      await stateManager.getStateRoot()
    },
    () => {
      const envelopes = signedPayments(1n, count, nonce)
      nonce += Math.ceil(count / paymentSenders.length)
      return envelopes
    },
  )
}
