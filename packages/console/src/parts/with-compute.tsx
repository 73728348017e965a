import type { ComputeStatus } from '@banyan/local/api'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useLocalCompute } from '../data/compute/queries.js'
import { CodeBlock } from './code-block.js'
import { Skeleton, StateMark } from './states.js'

type WithComputeProps = {
  readonly children: (compute: ComputeStatus) => ReactNode
  /** Shows machines as they change. */
  readonly isLive?: boolean
}

/** What needs a region with miners: shown once it is there; till then, how to start it. */
export function WithCompute({ children, isLive = false }: WithComputeProps) {
  const { data, isPending } = useLocalCompute(isLive)
  if (isPending) return <Skeleton />
  if (data === undefined || data.state === 'off') return <NotThere />
  if (data.ready) return children(data)
  return data.state === 'failed' ? <Failed reason={data.reason} /> : <Coming reason={data.reason} />
}

type ReasonProps = { readonly reason: string | null }

function NotThere() {
  return (
    <div className="note">
      <p className="note-title">Computing does not run on this network.</p>
      <p>
        It needs a region, which takes work, and at least one miner, which does it. Both run beside the chain
        if the network is started without <code>--lite</code> and <code>--no-compute</code>:
      </p>
      <CodeBlock label="In the folder of Banyan" code="npm start" />
      <p>
        <Link to="/docs/$" params={{ _splat: 'compute' }}>
          What computing is
        </Link>
      </p>
    </div>
  )
}

function Coming({ reason }: ReasonProps) {
  return (
    <div className="note is-waiting" role="status">
      <StateMark kind="waiting">Coming up</StateMark>
      <p>
        The region and its miners are starting{reason !== null && `: ${reason}`}. The first time they unpack
        and certify their service, which takes up to a minute. This page goes on by itself.
      </p>
      <p>
        If it does not, <Link to="/operations">Operations</Link> tells which part waits.
      </p>
    </div>
  )
}

function Failed({ reason }: ReasonProps) {
  return (
    <div className="note is-wrong" role="alert">
      <p className="note-title is-brick">Computing could not be started{reason !== null && `: ${reason}`}.</p>
      <p>
        The chain is well without it. <code>banyan logs</code> tells more; when the reason is gone, start the
        network again, and what was half made is made anew.
      </p>
    </div>
  )
}
