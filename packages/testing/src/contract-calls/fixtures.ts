import { type Address, asAddress, asChainId, asHash, asHeight, type Hash } from '@banyan/base'
import { portable, secp256k1Address } from '@banyan/crypto'
import type { Asset, BlockContext, CallRequest, HostCrypto } from '@banyan/ledger'
import { createMemoryState, type MemoryState } from './memory-state.js'

export const testCrypto: HostCrypto = {
  sha256: portable.sha256,
  keccak256: portable.keccak256,
  recoverSecp256k1: (digest, signature) => {
    const recovery = signature[64] === 0 ? 0 : 1
    const point = portable.secp256k1.recover(digest, signature.subarray(0, 64), recovery)
    return point && secp256k1Address(portable, point)
  },
  verifyEd25519: (publicKey, message, signature) => portable.ed25519.verify(signature, message, publicKey),
  verifyP256: (publicKey, digest, signature) => portable.p256.verify(digest, signature, publicKey),
  verifyBlsPossession: portable.bls.verifyPossession,
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
  portable.sha256(Uint8Array.of(number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255))

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
