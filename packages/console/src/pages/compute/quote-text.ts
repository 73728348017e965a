import type { Quote } from '@banyan/region/api'
import { priceText } from '../../format/price.js'

/** What a request will cost, in words: the prices of the classes of machines that may do it. */
export function quoteText(quote: Quote | undefined): string {
  if (quote === undefined || quote.quotes.length === 0) return ''
  const prices = quote.quotes
    .map(({ enterpriseAmount }) => BigInt(enterpriseAmount))
    .toSorted((a, b) => (a < b ? -1 : 1))
  const [least, most] = [prices[0]!, prices.at(-1)!]
  const text = (amount: bigint) => priceText(amount, quote.currency)
  return least === most ? `about ${text(least)}` : `about ${text(least)} to ${text(most)}`
}
