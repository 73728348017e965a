import { Link } from '@tanstack/react-router'

const pages = [
  { to: '/billing', label: 'Computing' },
  { to: '/billing/sponsored', label: 'Sponsored fees' },
] as const

/** The two kinds of bills: what computing costs, and what a sponsor pays for its users. */
export function BillingLinks() {
  return (
    <nav className="subnav" aria-label="Bills">
      {pages.map(({ to, label }) => (
        <Link key={to} to={to} activeOptions={{ exact: true }}>
          {label}
        </Link>
      ))}
    </nav>
  )
}
