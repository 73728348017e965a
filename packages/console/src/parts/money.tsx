import { amountText } from '../format/amount.js'

type MoneyProps = {
  /** Base units. */
  readonly amount: bigint
  readonly decimals: number
  readonly symbol: string
  /** Sign and word of a movement as seen from an account. */
  readonly direction?: 'in' | 'out'
}

/** An amount: short, with all digits on hover, and its direction as sign and word where it has one. */
export function Money({ amount, decimals, symbol, direction }: MoneyProps) {
  const { short, full, cut } = amountText(amount, decimals)
  const sign = direction === 'in' ? '+' : direction === 'out' ? '\u2212' : ''
  return (
    <span
      className={direction === 'in' ? 'money is-in' : 'money'}
      title={cut ? `${full} ${symbol}` : undefined}
    >
      {direction !== undefined && <span className="aside">{direction === 'in' ? 'received ' : 'sent '}</span>}
      {sign}
      {short}
      {cut && '…'} <small>{symbol}</small>
    </span>
  )
}
