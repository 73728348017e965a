import { type Address, asAddress, asChainId, asHash, asHeight, fromHex, type Hash, toHex } from '@banyan/base'
import type { Asset, BlockContext, CallRequest, HostCrypto } from '@banyan/ledger'
import * as Ed25519 from 'ox/Ed25519'
import * as OxHash from 'ox/Hash'
import * as P256 from 'ox/P256'
import * as Secp256k1 from 'ox/Secp256k1'
import * as Signature from 'ox/Signature'
import { createMemoryState, type MemoryState } from './memory-state.js'

const hashOf = (digest: Uint8Array): Hash => asHash(new Uint8Array(digest))

export const testCrypto: HostCrypto = {
  sha256: (bytes) => hashOf(OxHash.sha256(bytes, { as: 'Bytes' })),
  keccak256: (bytes) => hashOf(OxHash.keccak256(bytes, { as: 'Bytes' })),
  recoverSecp256k1: (digest, signature) => {
    try {
      const parsed = Signature.fromBytes(signature)
      if (parsed.yParity === undefined) return undefined
      const address = Secp256k1.recoverAddress({
        payload: digest,
        signature: { ...parsed, yParity: parsed.yParity },
      })
      return asAddress(fromHex(address)!)
    } catch {
      return undefined
    }
  },
  verifyEd25519: (publicKey, message, signature) =>
    Ed25519.verify({ payload: message, publicKey: toHex(publicKey), signature: toHex(signature) }),
  verifyP256: (publicKey, digest, signature) =>
    P256.verify({
      payload: digest,
      publicKey: {
        prefix: 4,
        x: toHex(publicKey.subarray(0, 32)),
        y: toHex(publicKey.subarray(32)),
      },
      signature: {
        r: toHex(signature.subarray(0, 32)),
        s: toHex(signature.subarray(32)),
      },
    }),
}

/** Address of 20 equal bytes. */
export const addressOf = (byte: number): Address => asAddress(new Uint8Array(20).fill(byte))

export const testBlock: BlockContext = {
  chainId: asChainId(7n),
  height: asHeight(1_000n),
  timestamp: 1_700_000_000_500n,
  proposer: addressOf(0xee),
}

export const hashOfNumber = (number: number): Hash =>
  testCrypto.sha256(Uint8Array.of(number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255))

export const figAsset: Asset = {
  issuer: addressOf(0),
  flags: 0,
  decimals: 18,
  supply: 0n,
  cap: (1n << 128n) - 1n,
  metadataHash: asHash(new Uint8Array(32)),
  name: 'Fig',
  symbol: 'FIG',
}

/** State with FIG, given to accounts. */
export function fundedState(owners: readonly (readonly [Address, bigint])[]): MemoryState {
  const state = createMemoryState()
  const supply = owners.reduce((sum, [, amount]) => sum + amount, 0n)
  state.apply({
    accounts: owners.map(([address, balance]) => ({
      address,
      account: { nonce: 0n, balance, flags: 0, delegate: 0 },
    })),
    balances: [],
    storage: [],
    utxos: [],
    assets: [{ id: 0 as never, asset: { ...figAsset, supply } }],
  })
  return state
}

let transactions = 0

/** A call with usual surroundings; every one belongs to a transaction of its own. */
export function requestOf(
  call: Pick<CallRequest, 'caller' | 'to' | 'data'> & Partial<CallRequest>,
): CallRequest {
  return {
    block: testBlock,
    transactionId: hashOfNumber(transactions++),
    callIndex: 0,
    origin: call.caller,
    value: 0n,
    gasLimit: 10_000_000,
    logLimit: 1024,
    ...call,
  }
}
