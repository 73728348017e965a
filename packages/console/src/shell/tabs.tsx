import { Link } from '@tanstack/react-router'
import { Boxes, Ellipsis, House, Search, Wallet } from 'lucide-react'

type TabsProps = { readonly isTest: boolean; readonly onSearch: () => void; readonly onMore: () => void }

/** The five tabs of narrow screens. */
export function Tabs({ isTest, onSearch, onMore }: TabsProps) {
  return (
    <nav className={isTest ? 'tabs is-test' : 'tabs'} aria-label="Pages">
      <Link to="/" className="tab" activeOptions={{ exact: true }}>
        <House size={20} aria-hidden="true" />
        Overview
      </Link>
      <Link to="/wallet" className="tab">
        <Wallet size={20} aria-hidden="true" />
        Wallet
      </Link>
      <Link to="/explorer" className="tab">
        <Boxes size={20} aria-hidden="true" />
        Explorer
      </Link>
      <button type="button" className="tab" onClick={onSearch}>
        <Search size={20} aria-hidden="true" />
        Search
      </button>
      <button type="button" className="tab" onClick={onMore} aria-haspopup="dialog">
        <Ellipsis size={20} aria-hidden="true" />
        More
      </button>
    </nav>
  )
}
