import {
  asAddress,
  asAssetId,
  asChainId,
  asHash,
  asHeight,
  beToUint,
  fromHex,
  type Hex,
  toHex,
} from '@banyan/base'
import { assetAddress } from '@banyan/contracts/abi'
import { hasher, randomBytes } from '@banyan/crypto/portable'
import {
  type NativeBody,
  pipPerNano,
  type SigningDomains,
  signingDomains,
  type UnsignedTransfer,
  windowBlocks,
} from '@banyan/ledger/transactions'
import type { KeyAccount } from '../account/account.js'
import type { Client, SponsorChoice } from '../client.js'
import { clientError } from '../errors.js'
import { type Address, requireAddress, requireCount } from '../hex.js'
import { getFees, getStatus, type Status } from '../read/chain.js'
import { callPrice, estimateCalls, nativeGas, transferFee } from './fees.js'
import type { Call, Calls, SendRequest, Transfer } from './request.js'
import { sponsorAddress } from './sponsor.js'

/** A transaction that only lacks its signature. It holds all that signing needs, so that can happen without a network. */
export type Prepared = PreparedTransfer | PreparedNative

type Common = {
  readonly domains: SigningDomains
  /** Last height at which it can be included. */
  readonly validUntil: number
  /** Most that it can cost, pip. */
  readonly maxFee: bigint
}
/** The payer's key is known when it is signed. */
export type PreparedTransfer = Common & {
  readonly kind: 'transfer'
  readonly body: Omit<UnsignedTransfer, 'payerKey'>
}
export type PreparedNative = Common & {
  readonly kind: 'native'
  readonly body: NativeBody
  readonly sponsor: SponsorChoice | undefined
}

const nobody = asAddress(new Uint8Array(20))

/**
 * Fills in what the chain knows: mark, validity, fees. A transfer of an ed25519 key that pays its own fee takes the short
 * form, all else the general one. Errors: ArgumentInvalid, those of `ask`; for calls also what they would fail with.
 */
export async function prepareTransaction(
  client: Client,
  request: SendRequest & { readonly account: KeyAccount },
): Promise<Prepared> {
  const { account, signal } = request
  const options = { signal }
  const sponsor = request.sponsor === false ? undefined : (request.sponsor ?? client.sponsor)
  const [status, fees] = await Promise.all([getStatus(client, options), getFees(client, options)])
  const common = {
    domains: signingDomains(hasher, asChainId(BigInt(status.chainId)), asHash(bytesOf(status.genesisId))),
    validUntil: status.height + windowBlocks,
  }
  const tip = request.tip ?? fees.tip
  if ('amount' in request && account.kind === 'ed25519' && sponsor === undefined) {
    const fee = transferFee(fees, tip)
    const body = { ...transferBody(request, status), ...fee }
    return { kind: 'transfer', ...common, body, maxFee: BigInt(fee.maxFee) * pipPerNano }
  }
  const calls = 'amount' in request ? [transferCall(request)] : checkedCalls(request)
  const payer = sponsor && (await sponsorAddress(client, sponsor, options))
  const callGas = await estimateCalls(client, account.address, calls, options)
  const body = nativeBody(account.address, calls, payer, status, common.domains)
  const gasLimit = nativeGas(body, account.signatureBytes, sponsor !== undefined, callGas, fees)
  const maxFeePerGas = callPrice(fees, tip)
  return {
    kind: 'native',
    ...common,
    body: { ...body, gasLimit, maxFeePerGas, tipPerGas: tip },
    sponsor,
    maxFee: gasLimit * maxFeePerGas,
  }
}

/** The bytes of text that was checked, or comes from the node. */
function bytesOf(text: Hex): Uint8Array {
  return fromHex(text) ?? new Uint8Array(0)
}

const randomNonce = (): bigint => beToUint(randomBytes(8))

function stamp({ blockId, height }: Status) {
  return {
    mark: asHash(bytesOf(blockId)),
    validUntil: asHeight(BigInt(height + windowBlocks)),
    nonce: randomNonce(),
  }
}

function transferBody({ to, amount, asset = 0 }: Transfer, status: Status) {
  return {
    ...stamp(status),
    payee: asAddress(bytesOf(requireAddress(to, 'to'))),
    asset: asAssetId(requireCount(asset, 'asset')),
    amount: requireAmount(amount, 'amount'),
  }
}

function nativeBody(
  account: Address,
  calls: readonly Call[],
  sponsor: Address | undefined,
  status: Status,
  { chainId }: SigningDomains,
): NativeBody {
  return {
    ...stamp(status),
    chainId,
    account: asAddress(bytesOf(account)),
    gasLimit: 0n,
    maxFeePerGas: 0n,
    tipPerGas: 0n,
    sponsor: sponsor === undefined ? nobody : asAddress(bytesOf(sponsor)),
    calls: calls.map(({ to, value = 0n, data = '0x' }) => ({
      to: asAddress(bytesOf(to)),
      value,
      data: bytesOf(data),
    })),
    accessKeys: [],
    postConditions: [],
  }
}

/** The same movement as a call: FIG as its value, another asset by the `transfer` of ERC-20. */
export function transferCall({ to, amount, asset = 0 }: Transfer): Call {
  const payee = requireAddress(to, 'to')
  requireAmount(amount, 'amount')
  if (asset === 0) return { to: payee, value: amount }
  const word = (digits: string): string => digits.padStart(64, '0')
  return {
    to: toHex(assetAddress(asAssetId(requireCount(asset, 'asset')))),
    data: `0xa9059cbb${word(payee.slice(2))}${word(amount.toString(16))}`,
  }
}

function checkedCalls({ calls }: Calls): readonly Call[] {
  if (calls.length === 0) throw clientError('ArgumentInvalid', { argument: 'calls', reason: 'there is none' })
  return calls.map(({ to, value = 0n, data = '0x' }) => {
    if (!/^0x([0-9a-fA-F]{2})*$/.test(data)) {
      throw clientError('ArgumentInvalid', {
        argument: 'data',
        reason: 'it is not 0x and pairs of hexadecimal digits',
      })
    }
    return { to: requireAddress(to, 'to'), value: requireAmount(value, 'value'), data }
  })
}

function requireAmount(amount: bigint, argument: string): bigint {
  if (amount < 0n || amount >= 2n ** 128n) {
    throw clientError('ArgumentInvalid', { argument, reason: 'it is not from 0 to 2^128 - 1' })
  }
  return amount
}
