import type { Address } from '@banyan/base'
import { addressTerm, type Seed, type TermList, termKind } from './terms.js'

/**
 * Terms of accounts by their numbers, which final blocks never give out anew. The items of packages name accounts by number,
 * and a package has a thousand of them.
 */
export class AccountTerms {
  private readonly seed: Seed
  private readonly addressOf: (account: number) => Address
  /** For each account: its bucket plus one, 0 if it is not known yet; its mark; the round in which it was added last. */
  private words = new Uint32Array(stride * 1024)
  private round = 0

  constructor(seed: Seed, addressOf: (account: number) => Address) {
    this.seed = seed
    this.addressOf = addressOf
  }

  /** Begins with another transaction: from now on each account is added once more. */
  begin(): void {
    this.round++
    if (this.round < 2 ** 32) return
    this.round = 1
    for (let at = roundWord; at < this.words.length; at += stride) this.words[at] = 0
  }

  /** Adds the term of an account, unless that was done since `begin`. */
  addTo(terms: TermList, account: number, place: number): void {
    const at = account * stride
    if (at >= this.words.length) this.grow(at)
    const { words } = this
    if (words[at + roundWord] === this.round) return
    words[at + roundWord] = this.round
    if (words[at] === 0) {
      const { bucket, mark } = addressTerm(this.seed, termKind.account, this.addressOf(account))
      words[at] = bucket + 1
      words[at + 1] = mark
    }
    terms.addPair(words[at]! - 1, words[at + 1]!, place)
  }

  private grow(at: number): void {
    const larger = new Uint32Array(2 ** Math.ceil(Math.log2(at + stride)))
    larger.set(this.words)
    this.words = larger
  }
}

const stride = 3
const roundWord = 2
