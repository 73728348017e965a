import { Link, useNavigate, useParams, useRouterState } from '@tanstack/react-router'
import { type MouseEvent, type ReactNode, useEffect, useMemo, useRef } from 'react'
import { Loaded } from '../../parts/loaded.js'
import { Page } from '../../parts/page.js'
import { ContentsPage } from './contents-page.js'
import { type DocsPage as DocsText, useDocsPage } from './docs-data.js'

/** A page of the documentation, those of errors too; the contents where no page is named. */
export function DocsPage() {
  const { _splat: path = '' } = useParams({ from: '/docs/$' })
  return path === '' ? <ContentsPage /> : <Named path={path} />
}

function Named({ path }: { readonly path: string }) {
  const query = useDocsPage(path)
  const isError = path.startsWith('errors/')
  const crumb = (
    <>
      <Link to="/docs">Documentation</Link>
      {isError && (
        <>
          {' / '}
          <Link to="/docs/$" params={{ _splat: 'errors' }}>
            Errors
          </Link>
        </>
      )}
    </>
  )
  if (query.data === undefined) {
    return (
      <Page title={isError ? `BYN-${path.slice(7)}` : 'Documentation'} crumb={crumb}>
        <Loaded query={query} what="This page could not be read">
          {() => null}
        </Loaded>
      </Page>
    )
  }
  return <Article key={path} crumb={crumb} page={query.data} />
}

type ArticleProps = { readonly crumb: ReactNode; readonly page: DocsText }

function Article({ crumb, page }: ArticleProps) {
  const navigate = useNavigate()
  const hash = useRouterState({ select: ({ location }) => location.hash })
  const article = useRef<HTMLElement>(null)
  const { title, html } = useMemo(() => splitTitle(page), [page])
  useEffect(() => {
    if (hash !== '') article.current?.querySelector(`#${CSS.escape(hash)}`)?.scrollIntoView()
  }, [hash])

  /** Links between pages stay in the console. */
  const follow = (event: MouseEvent) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey
    if (link === null || !isPlain || link.origin !== location.origin) return
    event.preventDefault()
    void navigate({ to: link.pathname, hash: link.hash.slice(1) })
  }
  return (
    <Page title={title} tab={page.title} crumb={crumb}>
      {/* biome-ignore-start lint/a11y/useKeyWithClickEvents: the links inside are reached by keyboard, and click there too */}
      {/* biome-ignore-start lint/a11y/noNoninteractiveElementInteractions: see above */}
      <article
        className="prose"
        ref={article}
        onClick={follow}
        // biome-ignore lint/security/noDangerouslySetInnerHtml: made by the origin from the Markdown of this repository, in which HTML is shown as text
        dangerouslySetInnerHTML={{ __html: html }}
      />
      {/* biome-ignore-end lint/a11y/noNoninteractiveElementInteractions: see above */}
      {/* biome-ignore-end lint/a11y/useKeyWithClickEvents: see above */}
    </Page>
  )
}

/** Takes the first heading out of a page, which stands above it; tables get a frame that can scroll. */
function splitTitle({ title, html }: DocsText): DocsText {
  const parsed = new DOMParser().parseFromString(html, 'text/html')
  const heading = parsed.querySelector('h1')
  const text = heading?.textContent ?? title
  heading?.remove()
  for (const [index, table] of parsed.querySelectorAll('table').entries()) {
    const frame = parsed.createElement('div')
    frame.className = 'prose-table'
    frame.tabIndex = 0
    frame.setAttribute('role', 'region')
    frame.setAttribute('aria-label', `Table ${index + 1}`)
    table.replaceWith(frame)
    frame.append(table)
  }
  return { title: text, html: parsed.body.innerHTML }
}
