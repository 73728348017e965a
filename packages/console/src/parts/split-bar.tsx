import type { ReactNode } from 'react'
import { Price } from './price.js'

type Share = {
  readonly name: string
  /** Who it is. */
  readonly who?: ReactNode
  /** Micro-units. */
  readonly amount: bigint
}

const whole = 1_000

/** How an amount is divided: a bar, and the parts by name. */
export function SplitBar({
  shares,
  currency,
}: {
  readonly shares: readonly Share[]
  readonly currency: string
}) {
  const total = shares.reduce((sum, { amount }) => sum + amount, 0n)
  // Micro-units of one charge are exact as numbers.
  const width = (amount: bigint): number => (total === 0n ? 0 : (whole * Number(amount)) / Number(total))
  const ends = shares.map((_, index) =>
    shares.slice(0, index).reduce((sum, { amount }) => sum + width(amount), 0),
  )
  return (
    <div className="split">
      <svg className="budget-bar" viewBox={`0 0 ${whole} 14`} preserveAspectRatio="none" aria-hidden="true">
        <rect className="budget-whole" width={whole} height="14" />
        {shares.map(({ name, amount }, index) => (
          <rect key={name} className={`split-${index}`} x={ends[index]} width={width(amount)} height="14" />
        ))}
      </svg>
      <dl>
        {shares.map(({ name, who, amount }, index) => (
          <div key={name}>
            <dt>
              <svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">
                <rect className={`split-${index}`} width="10" height="10" />
              </svg>
              {name}
            </dt>
            {who !== undefined && <dd>{who}</dd>}
            <dd className="split-amount">
              <Price micro={amount} currency={currency} />{' '}
              <small className="is-quiet">{(width(amount) / 10).toFixed(1)} %</small>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
