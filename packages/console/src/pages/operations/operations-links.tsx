import { Link } from '@tanstack/react-router'

const pages = [
  { to: '/operations', label: 'Chain' },
  { to: '/operations/computing', label: 'Computing' },
] as const

/** The two halves of what runs: the chain, and the region with its miners. */
export function OperationsLinks() {
  return (
    <nav className="subnav" aria-label="Operations">
      {pages.map(({ to, label }) => (
        <Link key={to} to={to} activeOptions={{ exact: true }}>
          {label}
        </Link>
      ))}
    </nav>
  )
}
