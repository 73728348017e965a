import { amountText } from '../format/amount.js'

type MoneyProps = {
  /** Base units. */
  readonly amount: bigint
  readonly decimals: number
  readonly symbol: string
  /** With all digits, as where it is about to be confirmed. */
  readonly exact?: boolean
  /** Sign and word of a movement as seen from an account. */
  readonly direction?: 'in' | 'out'
}

/** An amount: short, with all digits on hover, and its direction as sign and word where it has one. */
export function Money({ amount, decimals, symbol, direction, exact = false }: MoneyProps) {
  const { short, full, cut } = amountText(amount, decimals)
  const isShort = cut && !exact
  const sign = direction === 'in' ? '+' : direction === 'out' ? '\u2212' : ''
  return (
    <span
      className={direction === 'in' ? 'money is-in' : 'money'}
      title={isShort ? `${full} ${symbol}` : undefined}
    >
      {direction !== undefined && <span className="aside">{direction === 'in' ? 'received ' : 'sent '}</span>}
      {sign}
      {isShort ? `${short}…` : full} <small>{symbol}</small>
    </span>
  )
}
