import { type Address, asAssetId, equalBytes } from '@banyan/base'
import { assetAddress } from '@banyan/contracts'
import { type Log, type Package, packageItemLength, type Transaction } from '@banyan/ledger'
import type { AccountTerms } from './account-terms.js'
import { isAssetAddress, owners } from './asset-logs.js'
import type { StoredLogs } from './stored-logs.js'
import { addressTerm, type Term, type TermList, termKind, topicTerm } from './terms.js'
import { calledAccounts } from './touches.js'

/**
 * Notes by what the transactions of one block can be found. What nearly every transaction shares, the event `Transfer` and
 * the addresses of assets, is noted once per block.
 */
export class TransactionTerms {
  readonly terms: TermList
  readonly transferTopic: Uint8Array
  readonly accounts: AccountTerms
  readonly assets = new Set<number>()
  hasTransfers = false

  constructor(terms: TermList, transferTopic: Uint8Array, accounts: AccountTerms) {
    this.terms = terms
    this.transferTopic = transferTopic
    this.accounts = accounts
  }

  /** A transaction that is no transfer. `stored` is there if it succeeded. */
  add(transaction: Transaction, sender: Address, stored: StoredLogs | undefined, place: number): void {
    const noted = new Set<number>()
    const note = (term: Term): void => {
      const key = term.bucket * 2 ** 32 + term.mark
      if (!noted.has(key)) this.terms.addTerm(term, place)
      noted.add(key)
    }
    this.eachAccount([sender, ...calledAccounts(transaction)], note)
    if (stored === undefined) return
    if (stored.kind === 'logs') for (const log of stored.logs) this.addLog(log, note, place)
    else if (transaction.kind === 'package') this.addItems(transaction, stored.applied, place)
  }

  /** The logs of a transfer of an asset, but for its owners. */
  addAsset(asset: number, place: number): void {
    if (this.assets.has(asset)) return
    this.assets.add(asset)
    const { seed } = this.terms
    this.terms.addTerm(addressTerm(seed, termKind.logAddress, assetAddress(asAssetId(asset))), place)
    this.addTransferTopic(place)
  }

  addTransferTopic(place: number): void {
    if (this.hasTransfers) return
    this.hasTransfers = true
    this.terms.addTerm(topicTerm(this.terms.seed, 0, this.transferTopic as never), place)
  }

  addLog(log: Log, note: (term: Term) => void, place: number): void {
    const { seed } = this.terms
    const { address, topics } = log
    if (!isAssetAddress(address)) note(addressTerm(seed, termKind.logAddress, address))
    else this.addAssetAddress(address, place)
    const named = owners(this.transferTopic as never, log)
    for (const [position, topic] of topics.entries()) {
      const owner = position > 0 ? named[position - 1] : undefined
      if (position === 0 && equalBytes(topic, this.transferTopic)) this.addTransferTopic(place)
      else if (owner !== undefined) note(addressTerm(seed, termKind.account, owner))
      else note(topicTerm(seed, position, topic))
    }
  }

  addAssetAddress(address: Address, place: number): void {
    const asset = new DataView(address.buffer, address.byteOffset).getUint32(16)
    if (!this.assets.has(asset)) {
      this.assets.add(asset)
      this.terms.addTerm(addressTerm(this.terms.seed, termKind.logAddress, address), place)
    }
  }

  addItems({ asset, items }: Package, applied: Uint8Array, place: number): void {
    const view = new DataView(items.buffer, items.byteOffset, items.length)
    const { accounts, terms } = this
    accounts.begin()
    let any = false
    for (let i = 0; i < applied.length; i++) {
      if (applied[i] === 0) continue
      any = true
      accounts.addTo(terms, view.getUint32(i * packageItemLength, true), place)
      accounts.addTo(terms, view.getUint32(i * packageItemLength + 4, true), place)
    }
    if (any) this.addAsset(asset, place)
  }

  eachAccount(accounts: readonly Address[], note: (term: Term) => void): void {
    for (const account of accounts) note(addressTerm(this.terms.seed, termKind.account, account))
  }
}
