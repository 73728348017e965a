import { Link, useSearch } from '@tanstack/react-router'
import { useWorkPage } from '../../data/compute/queries.js'
import { useWorkEvents } from '../../data/compute/use-work-events.js'
import { Loaded } from '../../parts/loaded.js'
import { Page } from '../../parts/page.js'
import { Pager } from '../../parts/pager.js'
import { Empty } from '../../parts/states.js'
import { WithCompute } from '../../parts/with-compute.js'
import { WorkList } from './work-list.js'

const shownRequests = 40

/** All requests of the reader, newest first, live. */
export function RequestsPage() {
  return (
    <Page
      title="Your requests"
      crumb={<Link to="/compute">Compute</Link>}
      lead="Every request that ended, done or not, newest first. New ones appear by themselves."
    >
      <WithCompute>{() => <Requests />}</WithCompute>
    </Page>
  )
}

function Requests() {
  useWorkEvents()
  const { page } = useSearch({ from: '/requests' })
  const work = useWorkPage(shownRequests, page)
  return (
    <Loaded query={work} what="The requests could not be read" rows={12}>
      {({ items, next }) =>
        items.length === 0 ? (
          <Empty
            action={
              <Link to="/compute" className="button is-small">
                Run a job
              </Link>
            }
          >
            Nothing yet. A request stands here as soon as it is done.
          </Empty>
        ) : (
          <>
            <WorkList label="Your requests" items={items} />
            <Pager isLater={page !== undefined} next={next} further="Older" />
          </>
        )
      }
    </Loaded>
  )
}
