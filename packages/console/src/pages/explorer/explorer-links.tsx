import { Link } from '@tanstack/react-router'

/** Ways between the lists of the explorer. */
export function ExplorerLinks() {
  return (
    <nav className="subnav" aria-label="Explorer">
      <Link to="/explorer" activeOptions={{ exact: true }}>
        Newest
      </Link>
      <Link to="/explorer/blocks">Blocks</Link>
      <Link to="/explorer/transactions">Transactions</Link>
      <Link to="/explorer/tokens">Tokens</Link>
      <Link to="/explorer/validators">Validators</Link>
    </nav>
  )
}
