import type { RegionOperations } from '@banyan/region/api'
import { countText } from '../../format/amount.js'
import { type Column, List } from '../../parts/list.js'
import { tierText } from '../compute/tiers.js'

type Tier = RegionOperations['tiers'][number]

const columns: readonly Column<Tier>[] = [
  { head: 'Machines', cell: ({ tier }) => tierText(tier), at: 'a' },
  {
    head: 'In use',
    cell: ({ tier, active, capacity }) => (
      <span className="share is-wide">
        <meter
          aria-label={`Places of tier ${tier} in use`}
          min={0}
          max={Math.max(1, capacity)}
          value={active}
        />
        <span>
          {countText(active)} of {countText(capacity)}
        </span>
      </span>
    ),
    at: 'c',
  },
  {
    head: 'Waiting',
    end: true,
    cell: ({ queued }) => (
      <>
        {countText(queued)}
        <span className="narrow-only"> waiting</span>
      </>
    ),
    at: 'b',
  },
]

/** The queue of each class of machines, and how full they are. */
export function TierList({ tiers }: { readonly tiers: readonly Tier[] }) {
  return <List label="Queues" rows={tiers} columns={columns} rowKey={({ tier }) => String(tier)} />
}
