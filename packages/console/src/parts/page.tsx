import type { ReactNode } from 'react'
import { useEffect } from 'react'

type PageProps = {
  /** What the page shows, as a sentence or a name. */
  readonly title: ReactNode
  /** Title of the tab, where `title` is more than text. */
  readonly tab?: string
  readonly crumb?: ReactNode
  readonly lead?: ReactNode
  readonly actions?: ReactNode
  readonly children?: ReactNode
}

/** Head of a page and its parts below. */
export function Page({ title, tab, crumb, lead, actions, children }: PageProps) {
  const tabTitle = tab ?? (typeof title === 'string' ? title : undefined)
  useEffect(() => {
    document.title = tabTitle === undefined ? 'Banyan' : `${tabTitle} · Banyan`
  }, [tabTitle])
  return (
    <>
      <header className="head">
        {crumb !== undefined && <p className="crumb">{crumb}</p>}
        <div className="head-line">
          <h1>{title}</h1>
          {actions !== undefined && <div className="actions">{actions}</div>}
        </div>
        {lead !== undefined && <p className="lead">{lead}</p>}
      </header>
      {children}
    </>
  )
}

type SectionProps = { readonly title: string; readonly aside?: ReactNode; readonly children: ReactNode }

/** A part of a page under its own heading. */
export function Section({ title, aside, children }: SectionProps) {
  return (
    <section className="section">
      <div className="section-head">
        <h2>{title}</h2>
        {aside !== undefined && <div>{aside}</div>}
      </div>
      {children}
    </section>
  )
}
