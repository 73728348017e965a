import type { RegionMiner } from '@banyan/region/api'
import { countText } from '../../format/amount.js'
import { exactText, spanText } from '../../format/time.js'
import { type Column, List } from '../../parts/list.js'
import { MinerName } from '../../parts/miner-name.js'
import { StateMark } from '../../parts/states.js'
import { tierText } from '../compute/tiers.js'

function State({ miner: { aside, draining } }: { readonly miner: RegionMiner }) {
  if (aside !== null)
    return (
      <span title={`until ${exactText(aside.until)}`}>
        <StateMark kind="failed">Set aside</StateMark>
      </span>
    )
  return draining ? <StateMark kind="waiting">Finishes</StateMark> : <StateMark kind="done">Ready</StateMark>
}

const columns: readonly Column<RegionMiner>[] = [
  { head: 'Miner', cell: ({ miner }) => <MinerName miner={miner} />, at: 'a' },
  { head: 'State', cell: (miner) => <State miner={miner} />, at: 'b' },
  {
    head: 'Services',
    cell: ({ services }) =>
      services.map(({ name, version, active, concurrency, warm }) => (
        <span key={`${name} ${version}`} className="stacked">
          {name} {version}, {active} of {concurrency}
          {!warm && ' (cold)'}
        </span>
      )),
    at: 'c',
  },
  { head: 'Machines', cell: ({ tier }) => tierText(tier) },
  { head: 'Away', end: true, cell: ({ rttMs }) => spanText(rttMs) },
  {
    head: 'Requests',
    end: true,
    cell: ({ requests }) => (
      <>
        {countText(requests)}
        <span className="narrow-only"> requests</span>
      </>
    ),
    at: 'd',
  },
  { head: 'Failures', end: true, cell: ({ failures }) => countText(failures) },
]

/** Miners that are connected. */
export function MinerList({ miners }: { readonly miners: readonly RegionMiner[] }) {
  return (
    <List label="Miners" rows={miners} columns={columns} rowKey={({ miner }) => miner} density="compact" />
  )
}
