import { type Address, equalBytes, fig, toHex } from '@banyan/base'
import {
  type AbiFunction,
  type AccessKey,
  type AuthorizeRequest,
  type CallContext,
  decodeArguments,
  type KeyContext,
  selectorOf,
} from '@banyan/ledger'
import { assetAt, assetPrefix, contractAddress } from '../addresses.js'
import { tokenAbi } from '../token/abi.js'
import { includes } from './members.js'
import { policyKeys, signersSuffice } from './policy.js'
import { countSpending, readSession, type Session, sessionKeys } from './session.js'

/** Rules and UTXOs of an account are for its signers only. */
const beyondSessions: readonly Address[] = [contractAddress('banyan/account'), contractAddress('banyan/utxo')]

/** What a session key may ask of a token: movements that count against its limits, and nothing that outlives them. */
const countedTransfers: ReadonlyMap<string, AbiFunction> = new Map(
  tokenAbi
    .filter((item) => item.type === 'function')
    .filter(({ name }) => name === 'transfer' || name === 'transferWithMemo')
    .map((item) => [selectorOf(item), item]),
)

type RequestedCall = AuthorizeRequest['calls'][number]

/** Amount of a token that a call moves, `undefined` if it is something else than a plain transfer. */
function transferredAmount(data: Uint8Array): bigint | undefined {
  const item = countedTransfers.get(toHex(data.subarray(0, 4)))
  if (item === undefined) return undefined
  const { value } = decodeArguments(item, data.subarray(4))
  return value as bigint
}

/** Adds what a call spends to `spent`; a reason if the session does not allow the call. */
function countCall(session: Session, call: RequestedCall, spent: Map<number, bigint>): string | undefined {
  const { to, value, data } = call
  if (!includes(session.contracts, to)) return `the session key may not call ${toHex(to)}`
  if (includes(beyondSessions, to)) return 'a session key may not change rules or UTXOs of the account'
  spent.set(fig, (spent.get(fig) ?? 0n) + value)
  if (!equalBytes(to.subarray(0, assetPrefix.length), assetPrefix)) return undefined
  const amount = transferredAmount(data)
  if (amount === undefined) return 'a session key may transfer tokens, but not approve or manage them'
  const asset = assetAt(to)
  spent.set(asset, (spent.get(asset) ?? 0n) + amount)
  return undefined
}

/** Whether one session key may make the calls and pay the fee; its spending is recorded if so. */
function sessionAllows(context: CallContext, request: AuthorizeRequest, key: Address): string | undefined {
  const { account, calls, maxFee } = request
  const session = readSession(context, account, key)
  if (session.validUntil === 0n) return 'too few of its signers signed'
  if (session.validUntil < context.block.height) return 'the session has ended'
  const spent = new Map<number, bigint>([[fig, maxFee]])
  for (const call of calls) {
    const reason = countCall(session, call, spent)
    if (reason !== undefined) return reason
  }
  for (const [asset, amount] of spent) {
    const reason = amount === 0n ? undefined : countSpending(context, account, session, asset, amount)
    if (reason !== undefined) return reason
  }
  return undefined
}

/** `authorize/1`: enough signers of the account's policy, or one session key within its limits. */
export function authorize(context: CallContext, request: AuthorizeRequest): string | undefined {
  const { account, signers } = request
  if (signersSuffice(context, account, signers)) return undefined
  const [key, ...others] = signers
  if (key === undefined || others.length > 0) return 'too few of its signers signed'
  return sessionAllows(context, request, key)
}

export function authorizeKeys(context: KeyContext, request: AuthorizeRequest): readonly AccessKey[] {
  const { account, signers } = request
  const [key] = signers
  return [...policyKeys(context, account), ...(key === undefined ? [] : sessionKeys(context, account, key))]
}
