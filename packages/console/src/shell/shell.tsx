import { useConnection } from '@banyan/react'
import { Outlet, useRouterState } from '@tanstack/react-router'
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useIsTestNetwork } from '../data/local.js'
import { useTideBlocks } from '../data/network.js'
import { noteTimes } from '../data/seen-times.js'
import { NamesProvider } from '../names/names-provider.js'
import { Rail } from './rail.js'
import { Tabs } from './tabs.js'
import { Tideline } from './tideline.js'
import { useKeys } from './use-keys.js'

const SearchDialog = lazy(() =>
  import('./search-dialog.js').then((module) => ({ default: module.SearchDialog })),
)
const KeysDialog = lazy(() => import('./keys-dialog.js').then((module) => ({ default: module.KeysDialog })))
const CopyCommand = lazy(() =>
  import('./copy-command.js').then((module) => ({ default: module.CopyCommand })),
)
const ClockNote = lazy(() => import('./clock-note.js').then((module) => ({ default: module.ClockNote })))
const MoreDialog = lazy(() => import('./more-dialog.js').then((module) => ({ default: module.MoreDialog })))

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

type Opened = 'search' | 'keys' | 'command' | 'more'

/** What stands around every page. */
export function Shell() {
  const [open, setOpen] = useState<Opened>()
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const isTest = useIsTestNetwork()
  const connection = useConnection()
  useEffect(() => {
    const own = new AbortController()
    noteTimes(own.signal).catch(() => undefined)
    return () => own.abort()
  }, [])
  const page = useFocusOnPage()
  const close = useCallback(() => setOpen(undefined), [])
  const keys = useMemo(
    () => ({ '/': () => setOpen('search'), '.': () => setOpen('command'), '?': () => setOpen('keys') }),
    [],
  )
  useKeys(keys)
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
            <Suspense>
              <ClockNote />
            </Suspense>
            <Outlet />
          </div>
        </main>
        <Tabs isTest={isTest} onSearch={search} onMore={() => setOpen('more')} />
        <Suspense>
          {open === 'search' && <SearchDialog onClose={close} />}
          {open === 'keys' && <KeysDialog onClose={close} />}
          {open === 'command' && <CopyCommand key={path} path={path} onDone={close} />}
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
