import type { ComputeStatus } from '@banyan/local/api'
import type { Service } from '@banyan/region/api'
import { Link } from '@tanstack/react-router'
import { useServices, useWorkPage } from '../../data/compute/queries.js'
import { useWorkEvents } from '../../data/compute/use-work-events.js'
import { Loaded } from '../../parts/loaded.js'
import { Page, Section } from '../../parts/page.js'
import { Empty } from '../../parts/states.js'
import { WithCompute } from '../../parts/with-compute.js'
import { RunJob } from './run-job.js'
import { ServiceList } from './service-list.js'
import { WorkList } from './work-list.js'

const shownRequests = 8

/** Rent machines of others: what they do and cost, a first job, and what was done. */
export function ComputePage() {
  return (
    <Page
      title="Let machines of others do your work"
      tab="Compute"
      lead="A request goes to a miner with room for it, comes back as the answer, and is charged to the last millionth. What it will cost stands there before."
      actions={
        <Link to="/darkroom" className="button is-small">
          Gallery and editor
        </Link>
      }
    >
      <WithCompute>{(compute) => <Rent compute={compute} />}</WithCompute>
    </Page>
  )
}

function Rent({ compute }: { readonly compute: ComputeStatus }) {
  useWorkEvents()
  const services = useServices()
  const work = useWorkPage(shownRequests)
  return (
    <>
      <Section
        title="Develop a picture"
        aside={<span className="is-quiet">as {compute.enterprise.name}</span>}
      >
        <RunJob compute={compute} />
      </Section>
      <Section title="Your requests" aside={<Link to="/requests">All requests</Link>}>
        <Loaded query={work} what="The requests could not be read" rows={4}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty>
                Nothing yet. Develop the picture above: its request will stand here when it is done, with who
                did it, how long it took and what it cost.
              </Empty>
            ) : (
              <WorkList label="Your newest requests" items={items} />
            )
          }
        </Loaded>
      </Section>
      <Section
        title="What can be rented"
        aside={<span className="is-quiet">{placesText(services.data)}</span>}
      >
        <Loaded query={services} what="The services could not be read" rows={3}>
          {(found) =>
            found.length === 0 ? (
              <Empty>No miner offers a service at present.</Empty>
            ) : (
              <ServiceList services={found} />
            )
          }
        </Loaded>
      </Section>
    </>
  )
}

function placesText(services: readonly Service[] | undefined): string {
  if (services === undefined) return ''
  const sum = (key: 'places' | 'active') => services.reduce((total, service) => total + service[key], 0)
  return `${sum('places') - sum('active')} of ${sum('places')} places are free`
}
