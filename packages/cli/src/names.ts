import { asAddress, fail, fromHex, type Hex, toHex } from '@banyan/base'
import { parseAddress, toChecksumAddress } from '@banyan/crypto'
import { hasher } from '@banyan/crypto/portable'
import type { KeyAccount } from '@banyan/sdk'
import { getJson } from './ask.js'
import type { Context } from './command-spec.js'
import { accountOf, listKeys, openKey, type Scheme } from './key-files.js'

/** Somebody on a local network, as its origin tells. */
export type KnownPerson = {
  readonly name: string
  readonly scheme: Scheme
  readonly address: Hex
  readonly secret: Hex
}

/** The people of a local network; nobody elsewhere. */
export async function peopleAt(url: string, { settings, signal }: Context): Promise<readonly KnownPerson[]> {
  try {
    return (
      await getJson<{ people: readonly KnownPerson[] }>(`${url}/local/people`, settings.timeout, signal)
    ).people
  } catch {
    signal.throwIfAborted()
    // A node that serves no local network, or does not answer: then what follows says so.
    return []
  }
}

const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/** Who signs, by the setting `account`. Errors: SignerMissing, NameUnknown, KeyFileExposed. */
export async function signer(url: string, context: Context): Promise<KeyAccount> {
  const name = context.settings.account ?? fail('SignerMissing')
  const own = await openKey(name)
  if (own !== undefined) return own
  const person = (await peopleAt(url, context)).find((found) => isSame(found.name, name))
  if (person === undefined) return fail('NameUnknown', { name, what: 'account that can sign here' })
  return accountOf(person.scheme, fromHex(person.secret)!)
}

/** Address that a text names: an address, an account of the user, or one of the people. Errors: NameUnknown, AddressMalformed. */
export async function addressOf(text: string, url: string, context: Context): Promise<Hex> {
  if (text.startsWith('0x')) return toHex(parseAddress(hasher, text))
  const own = (await listKeys()).find(({ name }) => name === text)
  if (own !== undefined) return own.address as Hex
  const person = (await peopleAt(url, context)).find(({ name }) => isSame(name, text))
  return person?.address ?? fail('NameUnknown', { name: text, what: 'account or address' })
}

/** With its checksum, as people copy it. */
export function shownAddress(address: string): string {
  return toChecksumAddress(hasher, asAddress(fromHex(address)!))
}
