import type { ComputeMiner, Role } from '@banyan/local/api'
import type { MinerReport } from '@banyan/miner'
import { useEarnings } from '../../data/compute/queries.js'
import { countText } from '../../format/amount.js'
import { bytesText, spanText } from '../../format/time.js'
import { Address } from '../../parts/address.js'
import { Facts } from '../../parts/figures.js'
import { StateMark } from '../../parts/states.js'
import { EarningsView } from './earnings-view.js'

type MachineProps = { readonly miner: ComputeMiner; readonly role: Role }

/** One machine: whether it works, what it can do, what it has done and earned. */
export function Machine({ miner: { name, wallet, status }, role }: MachineProps) {
  const earnings = useEarnings(role)
  return (
    <article className="machine">
      <header>
        <h3>{name}’s machine</h3>
        <Standing status={status} />
        <p>
          <Address value={wallet} brief />
        </p>
      </header>
      <EarningsView query={earnings} />
      {status === null ? (
        <p className="is-quiet">It does not tell its status. It may be starting, or has ended.</p>
      ) : (
        <Facts facts={factsOf(status)} />
      )}
    </article>
  )
}

function Standing({ status }: { readonly status: MinerReport | null }) {
  if (status === null) return <StateMark kind="failed">Not reached</StateMark>
  if (status.resting !== undefined) return <StateMark kind="waiting">Rests: {status.resting}</StateMark>
  if (status.isDraining) return <StateMark kind="waiting">Finishes, then ends</StateMark>
  return status.connection === 'connected' ? (
    <StateMark kind="done">At work</StateMark>
  ) : (
    <StateMark kind="waiting">{status.connection}</StateMark>
  )
}

const levels = {
  container: 'in a container, with limits by the kernel',
  sandbox: 'in a sandbox, with limits by the kernel',
  'sandbox-watched': 'in a sandbox, whose memory is watched',
  none: 'not at all: for development alone',
} as const satisfies Record<MinerReport['isolation']['level'], string>

function factsOf({ fitness, traffic, isolation, dservices }: MinerReport) {
  return [
    ['Requests done', `${countText(traffic.requests - traffic.failed)} of ${countText(traffic.requests)}`],
    ['Processor lent', spanText(traffic.cpuMs)],
    ['Answers sent', bytesText(traffic.bytesOut)],
    ['Services', <Services key="services" dservices={dservices} />],
    ['Services are shut off', `${levels[isolation.level]} (${isolation.driver})`],
    [
      'The machine',
      `${fitness.cores} cores of ${countText(Math.round(fitness.mips))} MIPS, ${bytesText(fitness.freeBytes)} free, ${spanText(fitness.regionMs)} to the region`,
    ],
  ] as const
}

function Services({ dservices }: Pick<MinerReport, 'dservices'>) {
  if (dservices.length === 0) return 'none yet'
  return (
    <ul>
      {dservices.map(({ name, version, pool }) => (
        <li key={name}>
          {name} {version}: {pool.instances} warm, {pool.active} at work
          {pool.crashed > 0 && `, ${pool.crashed} crashed`}
          {pool.coldStartMs !== undefined && `, starts in ${spanText(pool.coldStartMs)}`}
        </li>
      ))}
    </ul>
  )
}
