import { Link, useLocation } from '@tanstack/react-router'
import { Monitor, Moon, Search, Sun } from 'lucide-react'
import { BrandMark } from './brand.js'
import { destinations } from './destinations.js'
import { type Theme, useTheme } from './theme.js'

const themes = {
  system: { icon: Monitor, label: 'System theme', next: 'light' },
  light: { icon: Sun, label: 'Light theme', next: 'dark' },
  dark: { icon: Moon, label: 'Dark theme', next: 'system' },
} as const satisfies Record<Theme, unknown>

/** A button that goes through the themes. */
export function ThemeSwitch() {
  const [theme, setTheme] = useTheme()
  const { icon: Icon, label, next } = themes[theme]
  return (
    <button type="button" className="rail-link" onClick={() => setTheme(next)}>
      <Icon size={18} aria-hidden="true" />
      {label}
    </button>
  )
}

/** Links of the rail, with a heading where a group begins. */
export function RailLinks({ onFollow }: { readonly onFollow?: () => void }) {
  const { pathname } = useLocation()
  return destinations.map(({ to, label, also, group, icon: Icon }, index) => (
    <div key={to}>
      {group !== undefined && group !== destinations[index - 1]?.group && (
        <p className="rail-group">{group}</p>
      )}
      <Link
        to={to}
        className="rail-link"
        activeOptions={{ exact: to === '/' }}
        {...(also?.some((page) => pathname.startsWith(page)) && { 'aria-current': 'page' })}
        {...(onFollow && { onClick: onFollow })}
      >
        <Icon size={18} aria-hidden="true" />
        {label}
      </Link>
    </div>
  ))
}

type RailProps = { readonly isTest: boolean; readonly onSearch: () => void }

/** Ways to all pages, on wide screens. */
export function Rail({ isTest, onSearch }: RailProps) {
  return (
    <nav className={isTest ? 'rail is-test' : 'rail'} aria-label="Pages">
      <Link to="/" className="brand" aria-label="Banyan, overview">
        <BrandMark />
        Banyan
      </Link>
      <button type="button" className="rail-link" onClick={onSearch}>
        <Search size={18} aria-hidden="true" />
        Search
        <kbd>/</kbd>
      </button>
      <RailLinks />
      <div className="rail-foot">
        {isTest && <p className="test-word">Test network: nothing here has a price.</p>}
        <ThemeSwitch />
      </div>
    </nav>
  )
}
