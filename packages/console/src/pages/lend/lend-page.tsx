import type { ComputeStatus } from '@banyan/local/api'
import { Link } from '@tanstack/react-router'
import { useWorkEvents } from '../../data/compute/use-work-events.js'
import { Page, Section } from '../../parts/page.js'
import { Empty } from '../../parts/states.js'
import { WithCompute } from '../../parts/with-compute.js'
import { JoinCommand } from './join-command.js'
import { Machine } from './machine.js'

/** Machines that do work of others, and what they earn. */
export function LendPage() {
  return (
    <Page
      title="Lend your machine, and be paid for it"
      tab="Lend"
      lead="A miner runs services of others, shut off from your files and your network, and answers their requests. It needs no open port, and rests when you say so."
      actions={
        <Link to="/docs/$" params={{ _splat: 'miner' }} className="button is-small">
          How it works
        </Link>
      }
    >
      <WithCompute isLive>{(compute) => <Machines compute={compute} />}</WithCompute>
    </Page>
  )
}

function Machines({ compute }: { readonly compute: ComputeStatus }) {
  useWorkEvents()
  const { miners } = compute
  return (
    <>
      <Section
        title="Machines of this network"
        aside={<span className="is-quiet">region {compute.region}, all on this computer</span>}
      >
        {miners.length === 0 ? (
          <Empty>No machine has joined yet. The command below joins this one.</Empty>
        ) : (
          <div className="machines">
            {miners.map((miner, index) => (
              <Machine key={miner.name} miner={miner} role={index === 0 ? 'miner-1' : 'miner-2'} />
            ))}
          </div>
        )}
      </Section>
      <Section title="Join with a machine of your own">
        <JoinCommand join={compute.join} services={compute.services} />
      </Section>
    </>
  )
}
