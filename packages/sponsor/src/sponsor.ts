import { asAddress, asChainId, asHash, type Hash as Digest, equalBytes, fromHex, toHex } from '@banyan/base'
import type { CryptoProvider } from '@banyan/crypto'
import {
  decodeEnvelope,
  type Native,
  nativeId,
  nativeSigners,
  type SigningDomains,
  type SponsorSignature,
  signingDomains,
  sponsorDigest,
  windowBlocks,
} from '@banyan/ledger'
import {
  type Address,
  BanyanError,
  type Client,
  getStatus,
  getTransaction,
  type Hash,
  type KeyAccount,
} from '@banyan/sdk'
import type { Disk } from '@banyan/storage'
import { createAccounts } from './accounts.js'
import { type Granted, openBook, type Settled } from './book.js'
import { checkPolicy, methodOf, refuseCall, refused, type SponsorPolicy } from './policy.js'
import { requireEntitled } from './signers.js'
import { type Item, itemsOf, type Statement, statementOf } from './statement.js'

export type SponsorOptions = {
  /** A node, which tells what became of transactions. */
  readonly client: Client
  /** Pays the fees. Its key signs without asking anybody: a local one. */
  readonly account: KeyAccount
  readonly policy: SponsorPolicy
  /** Folder of the record, for nothing else. */
  readonly disk: Disk
  readonly provider: CryptoProvider
  /** Milliseconds since the Unix epoch. By default the clock of this machine. */
  readonly now?: () => number
}

export type Sponsor = {
  readonly address: Address
  /**
   * Decides about a native transaction that its account has signed, and signs for it. The promise is on disk before. The
   * same transaction may be asked about again. Errors: SponsorshipRefused, those of `decodeEnvelope` and `openLog`'s `append`.
   */
  readonly grant: (envelope: Uint8Array) => Promise<SponsorSignature>
  /** Looks what became of promises, and frees what they did not cost. Returns how many are still open. Errors: those of the SDK. */
  readonly settle: () => Promise<number>
  /** Totals of a month. Error: StatementUnknown. */
  readonly statement: (month: string) => Promise<Statement>
  /** Each transaction of a month. */
  readonly items: (month: string) => AsyncGenerator<Item, void, undefined>
  readonly close: () => Promise<void>
}

/** Errors: OptionInvalid, those of `openLog` and of the node. */
export async function openSponsor(options: SponsorOptions): Promise<Sponsor> {
  const { client, account, policy, disk, provider, now = Date.now } = options
  checkPolicy(policy)
  const own = asAddress(fromHex(account.address)!)
  const { chainId, genesisId } = await getStatus(client)
  const domains = signingDomains(provider, asChainId(BigInt(chainId)), asHash(fromHex(genesisId)!))
  const book = await openBook(disk, provider, account.address)
  const accounts = createAccounts()
  for await (const entry of book.entries()) accounts.apply(entry)

  const sign = async (id: Digest, maxFee: bigint): Promise<SponsorSignature> => {
    const digest = sponsorDigest(provider, domains.sponsor, id, maxFee)
    return { maxFee, signature: await account.sign(digest) }
  }

  const grant: Sponsor['grant'] = async (envelope) => {
    const { tx, id, signers } = readRequest(provider, domains, own, envelope)
    const known = accounts.granted(toHex(id) as Hash)
    if (known !== undefined) return sign(id, known.maxFee)
    const { height } = await getStatus(client)
    const granted = { ...describe(tx, id), at: now() }
    requireTerms(policy, tx, granted, height)
    await requireEntitled(client, tx.body.account, signers)
    if (policy.isUser !== undefined && !(await policy.isUser(granted.user))) {
      throw refused('it does not know this account')
    }
    // From here to `apply` nothing else runs, so that two requests cannot both take the last of a budget.
    if (accounts.granted(granted.id) === undefined) {
      accounts.require(granted, policy)
      accounts.apply(granted)
      try {
        await book.add(granted)
      } catch (error) {
        accounts.revoke(granted)
        throw error
      }
    }
    return sign(id, granted.maxFee)
  }

  const settle: Sponsor['settle'] = async () => {
    const { height } = await getStatus(client)
    for (const granted of accounts.open()) {
      const settled = await outcomeOf(client, granted, height)
      if (settled === undefined) continue
      await book.add(settled)
      accounts.apply(settled)
    }
    return accounts.open().length
  }

  return {
    address: account.address,
    grant,
    settle,
    statement: (month) => statementOf(account.address, month, book.entries()),
    items: (month) => itemsOf(month, book.entries()),
    close: book.close,
  }
}

/** A native transaction that names this sponsor, and who has signed it. Errors: SponsorshipRefused, those of `decodeEnvelope`. */
function readRequest(
  provider: CryptoProvider,
  domains: SigningDomains,
  own: Uint8Array,
  envelope: Uint8Array,
): { readonly tx: Native; readonly id: Digest; readonly signers: readonly Uint8Array[] } {
  const tx = decodeEnvelope(envelope)
  if (tx.kind !== 'native') throw refused('only native transactions can have a sponsor')
  const { body } = tx
  if (body.chainId !== domains.chainId) throw refused('it is for another chain')
  if (!equalBytes(body.sponsor, own)) throw refused('it names another sponsor')
  const id = nativeId(provider, domains.native, body)
  const signers = nativeSigners(provider, tx, id) ?? []
  return { tx, id, signers }
}

function describe({ body }: Native, id: Digest): Omit<Granted, 'at'> {
  const [first] = body.calls
  const only = body.calls.length === 1 && first !== undefined
  return {
    type: 'granted',
    id: toHex(id) as Hash,
    user: toHex(body.account) as Address,
    method: only ? `${toHex(first.to)} ${methodOf(first)}` : 'several',
    maxFee: body.gasLimit * body.maxFeePerGas,
    validUntil: Number(body.validUntil),
  }
}

/** What does not depend on what was spent before. Error: SponsorshipRefused. */
function requireTerms(
  policy: SponsorPolicy,
  { body }: Native,
  { maxFee, validUntil }: Pick<Granted, 'maxFee' | 'validUntil'>,
  height: number,
): void {
  if (maxFee > policy.maxFee) throw refused(`it may cost up to ${maxFee} pip, more than ${policy.maxFee}`)
  // A promise holds its part of the budget until it is over: it must end soon.
  if (validUntil > height + windowBlocks) throw refused('it is valid for too long')
  if (body.calls.length === 0) throw refused('it calls nothing')
  for (const call of body.calls) {
    const refusal = refuseCall(policy, call)
    if (refusal !== undefined) throw refusal
  }
}

/** What a promise has come to; `undefined` while that is open. */
async function outcomeOf(
  client: Client,
  { id, validUntil }: Granted,
  height: number,
): Promise<Settled | undefined> {
  const expired: Settled = { type: 'settled', id, status: 'expired', fee: 0n }
  try {
    const { outcome, error } = await getTransaction(client, { id })
    if (outcome !== null) return { type: 'settled', id, status: outcome.status, fee: outcome.fee }
    return error !== null && height > validUntil ? expired : undefined
  } catch (error) {
    if (!(error instanceof BanyanError) || error.kind !== 'TransactionUnknown') throw error
    return height > validUntil ? expired : undefined
  }
}
