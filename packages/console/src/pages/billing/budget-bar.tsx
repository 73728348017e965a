type BudgetBarProps = { readonly paid: bigint; readonly open: bigint; readonly budget: bigint }

const whole = 1_000n

/** Part of the budget in thousandths; what is not nothing is seen. */
function share(part: bigint, budget: bigint): number {
  if (budget === 0n || part === 0n) return 0
  const thousandths = Number((part * whole) / budget)
  return Math.min(Number(whole), Math.max(4, thousandths))
}

/** How much of a budget is paid, and how much more is promised. */
export function BudgetBar({ paid, open, budget }: BudgetBarProps) {
  const paidShare = share(paid, budget)
  const openShare = Math.min(Number(whole) - paidShare, share(open, budget))
  const percent = budget === 0n ? 0 : Number((paid * 10_000n) / budget) / 100
  return (
    <svg
      className="budget-bar"
      viewBox={`0 0 ${whole} 14`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`${percent} % of the budget is paid`}
    >
      <rect className="budget-whole" width={Number(whole)} height="14" />
      <rect className="budget-paid" width={paidShare} height="14" />
      <rect className="budget-open" x={paidShare} width={openShare} height="14" />
    </svg>
  )
}
