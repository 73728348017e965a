import { useConnection } from '@banyan/react'
import { Outlet, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { useIsTestNetwork } from '../data/local.js'
import { useTideBlocks } from '../data/network.js'
import { noteTimes } from '../data/seen-times.js'
import { NamesProvider } from '../names/names-provider.js'
import { Rail } from './rail.js'
import { Tabs } from './tabs.js'
import { Tideline } from './tideline.js'

const SearchDialog = lazy(() =>
  import('./search-dialog.js').then((module) => ({ default: module.SearchDialog })),
)
const MoreDialog = lazy(() => import('./more-dialog.js').then((module) => ({ default: module.MoreDialog })))

/** Whether a key press is meant for a field. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, dialog') !== null
}

function LiveTideline() {
  return <Tideline blocks={useTideBlocks()} />
}

/** After a move to another page the reader starts at its top: so does the focus. */
function useFocusOnPage() {
  const page = useRef<HTMLElement>(null)
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const shown = useRef(path)
  useEffect(() => {
    if (shown.current === path) return
    shown.current = path
    page.current?.focus({ preventScroll: true })
  }, [path])
  return page
}

/** What stands around every page. */
export function Shell() {
  const [open, setOpen] = useState<'search' | 'more'>()
  const isTest = useIsTestNetwork()
  const connection = useConnection()
  useEffect(() => {
    const own = new AbortController()
    noteTimes(own.signal).catch(() => undefined)
    return () => own.abort()
  }, [])
  const page = useFocusOnPage()
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target))
        return
      event.preventDefault()
      setOpen('search')
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [])
  const close = () => setOpen(undefined)
  const search = () => setOpen('search')
  return (
    <NamesProvider>
      <div className="shell">
        <a className="skip" href="#page">
          Skip to the page
        </a>
        <header className="tide-area">
          <LiveTideline />
        </header>
        <Rail isTest={isTest} onSearch={search} />
        <main className="page" id="page" ref={page} tabIndex={-1}>
          <div className="page-inner">
            {connection === 'offline' && <Offline />}
            <Outlet />
          </div>
        </main>
        <Tabs isTest={isTest} onSearch={search} onMore={() => setOpen('more')} />
        <Suspense>
          {open === 'search' && <SearchDialog onClose={close} />}
          {open === 'more' && <MoreDialog isTest={isTest} onClose={close} />}
        </Suspense>
      </div>
    </NamesProvider>
  )
}

function Offline() {
  return (
    <div className="note is-waiting" role="status">
      <p className="note-title is-ochre">The network cannot be reached.</p>
      <p>What you see is the last that was known. The console tries again by itself.</p>
    </div>
  )
}
