import { Link } from '@tanstack/react-router'
import { Loaded } from '../../parts/loaded.js'
import { Page, Section } from '../../parts/page.js'
import { useDocsList } from './docs-data.js'
import { groupDocs } from './docs-groups.js'

/** Contents of the documentation. */
export function ContentsPage() {
  const query = useDocsList()
  return (
    <Page
      title="Documentation"
      lead="The whole of it comes from this machine, so it fits what runs here and works without a connection."
    >
      <Loaded query={query} what="The documentation could not be read">
        {(pages) => (
          <div className="columns">
            {groupDocs(pages).map((group) => (
              <Section key={group.title} title={group.title}>
                <p className="is-quiet">{group.text}</p>
                <ul className="docs-list">
                  {group.pages.map(({ path, title }) => (
                    <li key={path}>
                      <Link to="/docs/$" params={{ _splat: path }}>
                        {title}
                      </Link>
                    </li>
                  ))}
                </ul>
              </Section>
            ))}
          </div>
        )}
      </Loaded>
    </Page>
  )
}
