import {
  accountRow,
  baseFeeOf,
  encodeNative,
  gas,
  type Native,
  type NativeBody,
  pipPerNano,
  signatureKinds,
  transferLength,
  walletBaseFee,
} from '@banyan/ledger/transactions'
import type { Client } from '../client.js'
import type { Options } from '../http.js'
import type { Fees } from '../read/chain.js'
import { rpc } from '../rpc.js'
import type { Call } from './request.js'

/**
 * Largest fees that transactions state: docs/formats.md "Gas and fees". What is not used is not paid, so they leave room:
 * prices can rise by an eighth with each block, and by less than the double in five.
 */

const priceMargin = 2n
const largestNano = 2n ** 32n - 1n

/** Largest fee of a transfer in nano-FIG, with a new row for the payee. */
export function transferFee(fees: Fees, tip: bigint): { readonly maxFee: number; readonly tip: number } {
  const work = {
    compute: gas.transfer,
    bytes: transferLength * gas.perByte,
    state: accountRow.bytes * gas.perStateByte,
  }
  const nano = (pip: bigint): bigint => (pip + pipPerNano - 1n) / pipPerNano
  const tipNano = nano(tip * BigInt(gas.transfer + work.bytes))
  const most = nano(baseFeeOf(work, fees) * priceMargin) + tipNano
  const bounded = (value: bigint): number => Number(value < largestNano ? value : largestNano)
  return { maxFee: bounded(most), tip: bounded(tipNano) }
}

/** Largest price per gas of calls, pip. */
export function callPrice(fees: Fees, tip: bigint): bigint {
  return walletBaseFee(fees) * priceMargin + tip
}

/** A signature that takes, with its key, as many bytes as the account will need: an assertion of zeros. */
function placeholder(bytes: number): Native['signatures'][number] {
  const signature = new Uint8Array(Math.max(68, bytes - 64))
  new DataView(signature.buffer).setUint16(0, signature.length - 68, true)
  return { kind: signatureKinds.webauthn, publicKey: new Uint8Array(64), signature }
}

/** Gas of a native transaction: its own work, and that of its calls with a quarter more, since the state goes on. */
export function nativeGas(
  body: NativeBody,
  signatureBytes: number,
  isSponsored: boolean,
  callGas: number,
  fees: Fees,
): bigint {
  const signature = placeholder(signatureBytes)
  const sponsor = isSponsored ? [{ maxFee: 0n, signature }] : []
  const { length } = encodeNative({ kind: 'native', body, signatures: [signature], sponsor })
  const own = gas.native + gas.signature * (1 + sponsor.length) + length * gas.perByte
  return BigInt(Math.min(fees.gasLimit, own + Math.ceil(callGas * 1.25)))
}

/**
 * Gas that the calls need, one after the other on the state of now; calls of one transaction may build on each other, so
 * that an estimate of several can be off. Errors: ExecutionReverted and others that the call would have.
 */
export async function estimateCalls(
  client: Client,
  from: string,
  calls: readonly Call[],
  { signal }: Options,
): Promise<number> {
  const estimates: number[] = []
  for (const { to, value = 0n, data = '0x' } of calls) {
    const call = { from, to, value: `0x${value.toString(16)}`, input: data }
    estimates.push(Number(await rpc(client, 'eth_estimateGas', [call], { signal })))
  }
  const sum = estimates.reduce((total, estimate) => total + estimate, 0)
  // If the keys of one call are unknown, all calls of the transaction run alone.
  return calls.length > 1 ? sum * gas.sequentialFactor : sum
}
