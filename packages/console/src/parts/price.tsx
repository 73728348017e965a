import { priceText } from '../format/price.js'

type PriceProps = {
  /** Micro-units, in decimal digits. */
  readonly micro: string | bigint
  readonly currency: string
}

/** An amount of money to the last micro-unit. */
export function Price({ micro, currency }: PriceProps) {
  return <span className="money">{priceText(BigInt(micro), currency)}</span>
}
