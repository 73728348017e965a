import { figDecimals } from '@banyan/base'
import { Money } from './money.js'

/** An amount of the chain's coin, in its base units. */
export function FigMoney({ amount }: { readonly amount: bigint }) {
  return <Money amount={amount} decimals={figDecimals} symbol="FIG" />
}
