import { fromHex, type Hex, toHex } from '@banyan/base'
import type { Signature, SponsorSignature } from '@banyan/ledger/transactions'
import type { Client, SponsorChoice } from '../client.js'
import { clientError } from '../errors.js'
import { type Address, requireAddress } from '../hex.js'
import { askUrl, type Options } from '../http.js'

/** The two questions that a client asks a sponsor: docs/sponsor.md "HTTP". */

/** Whose signature the sponsor gives. Errors: those of `ask`. */
export async function sponsorAddress(
  client: Client,
  { url }: SponsorChoice,
  options: Options,
): Promise<Address> {
  const { sponsor } = (await askUrl(client, url, options)) as { readonly sponsor?: unknown }
  if (typeof sponsor !== 'string') throw clientError('AnswerStrange', { url, reason: 'it names no sponsor' })
  return requireAddress(sponsor as Hex, 'sponsor')
}

type Granted = {
  readonly maxFee: string
  readonly signature: Pick<Signature, 'kind'> & Record<'publicKey' | 'signature', Hex>
}

/** Asks the sponsor to sign a transaction that its account has signed. Errors: SponsorshipRefused, those of `ask`. */
export async function askSponsor(
  client: Client,
  { url }: SponsorChoice,
  envelope: Uint8Array,
  options: Options,
): Promise<SponsorSignature> {
  const body = { type: 'application/json', content: JSON.stringify({ envelope: toHex(envelope) }) }
  const { maxFee, signature } = (await askUrl(client, url, options, body)) as Granted
  const publicKey = fromHex(String(signature?.publicKey))
  const bytes = fromHex(String(signature?.signature))
  if (publicKey === undefined || bytes === undefined || !/^\d{1,39}$/.test(String(maxFee))) {
    throw clientError('AnswerStrange', { url, reason: 'it holds no signature' })
  }
  return { maxFee: BigInt(maxFee), signature: { kind: signature.kind, publicKey, signature: bytes } }
}
