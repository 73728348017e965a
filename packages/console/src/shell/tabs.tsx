import { Link } from '@tanstack/react-router'
import { Boxes, Ellipsis, House, Search, Wallet } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { RailLinks, ThemeSwitch } from './rail.js'

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

/** All pages and settings, for narrow screens. */
export function MoreDialog({ isTest, onClose }: { readonly isTest: boolean; readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  const close = () => dialog.current?.close()
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the Escape key closes a dialog by itself
    <dialog
      ref={dialog}
      className="sheet"
      aria-label="More"
      onClose={onClose}
      onClick={(event) => event.target === event.currentTarget && close()}
    >
      <div className="more-list">
        <RailLinks onFollow={close} />
        <p className="rail-group">This device</p>
        <ThemeSwitch />
        {isTest && <p className="test-word">Test network: nothing here has a price.</p>}
        <button type="button" className="rail-link" onClick={close}>
          Close
        </button>
      </div>
    </dialog>
  )
}
