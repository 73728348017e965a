import { type Hash as Digest, toHex } from '@banyan/base'
import { hasher } from '@banyan/crypto/portable'
import {
  encodeNative,
  encodeTransfer,
  type Native,
  nativeId,
  transferId,
  type UnsignedTransfer,
} from '@banyan/ledger/transactions'
import type { KeyAccount } from '../account/account.js'
import type { Client } from '../client.js'
import { isTold, toldError } from '../errors.js'
import type { Hash } from '../hex.js'
import { ask, type Options } from '../http.js'
import type { Prepared, PreparedNative, PreparedTransfer } from './prepare.js'
import { askSponsor } from './sponsor.js'

/** A transaction that can be sent by anybody, any number of times: it is included at most once. */
export type Signed = {
  readonly id: Hash
  readonly envelope: Uint8Array<ArrayBuffer>
  /** Last height at which it can be included. */
  readonly validUntil: number
}

/**
 * Signs what was prepared. It asks nothing of the network, unless a sponsor is to pay. Errors: ConfirmationRefused; with a
 * sponsor SponsorshipRefused and those of `ask`.
 */
export async function signTransaction(
  client: Client,
  { prepared, account, signal }: Options & { readonly prepared: Prepared; readonly account: KeyAccount },
): Promise<Signed> {
  const { validUntil } = prepared
  const options = { signal }
  const { id, envelope } =
    prepared.kind === 'transfer'
      ? await signTransfer(prepared, account, options)
      : await signNative(client, prepared, account, options)
  return { id: toHex(id) as Hash, envelope: new Uint8Array(envelope), validUntil }
}

type Made = { readonly id: Digest; readonly envelope: Uint8Array }

async function signTransfer(
  { domains, body }: PreparedTransfer,
  account: KeyAccount,
  options: Options,
): Promise<Made> {
  const unsigned: UnsignedTransfer = { ...body, payerKey: account.publicKey }
  const id = transferId(hasher, domains.transfer, unsigned)
  const { signature } = await account.sign(id, options)
  return { id, envelope: encodeTransfer({ ...unsigned, kind: 'transfer', signature }) }
}

async function signNative(
  client: Client,
  { domains, body, sponsor }: PreparedNative,
  account: KeyAccount,
  options: Options,
): Promise<Made> {
  const id = nativeId(hasher, domains.native, body)
  const signed: Native = {
    kind: 'native',
    body,
    signatures: [await account.sign(id, options)],
    sponsor: [],
  }
  if (sponsor === undefined) return { id, envelope: encodeNative(signed) }
  const granted = await askSponsor(client, sponsor, encodeNative(signed), options)
  return { id, envelope: encodeNative({ ...signed, sponsor: [granted] }) }
}

/** What a node says of a transaction that it has taken in before. */
const alreadyThere: ReadonlySet<string> = new Set(['TransactionKnown', 'TransactionReplayed'])

/**
 * Gives a signed transaction to the node. Doing so again changes nothing. Errors: whatever the node refuses it with, those
 * of `ask`.
 */
export async function submitTransaction(
  client: Client,
  { signed, signal }: Options & { readonly signed: Signed },
): Promise<Hash> {
  const content = signed.envelope
  const answer = await ask(
    client,
    '/v1/transactions',
    { signal },
    { type: 'application/octet-stream', content },
  )
  const { results } = answer as { readonly results: readonly [{ readonly error?: unknown }] }
  const { error } = results[0]
  if (isTold(error) && !alreadyThere.has(error.name)) throw toldError(error)
  return signed.id
}
