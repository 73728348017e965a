import { Link } from '@tanstack/react-router'
import { Page } from '../parts/page.js'

/** Stands where an address leads nowhere. */
export function NothingHere() {
  return (
    <Page
      title="There is no such page."
      lead="The address may be cut off or mistyped. Search finds blocks, transactions, addresses and pages: press /."
      actions={
        <Link to="/" className="button">
          Overview
        </Link>
      }
    />
  )
}
