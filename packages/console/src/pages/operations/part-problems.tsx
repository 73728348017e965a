import type { LocalPart } from '@banyan/local/api'
import { Link } from '@tanstack/react-router'
import { CircleAlert } from 'lucide-react'
import { WithCode } from '../../parts/with-code.js'

/** What is wrong with parts of the network, and what helps, where something is. */
export function PartProblems({ parts }: { readonly parts: readonly LocalPart[] }) {
  return parts.map(({ name, problem }) => problem && <PartProblem key={name} name={name} problem={problem} />)
}

type PartProblemProps = {
  readonly name: string
  readonly problem: NonNullable<LocalPart['problem']>
}

function PartProblem({ name, problem: { code, message, fix } }: PartProblemProps) {
  return (
    <div className="note is-wrong" role="status">
      <p className="note-title is-brick">
        <CircleAlert size={18} aria-hidden="true" />
        {message.startsWith(name) ? message : `${name}: ${message}`}
      </p>
      <p>
        What helps: <WithCode text={fix} />
      </p>
      <p className="note-code">
        {code} ·{' '}
        <Link to="/docs/$" params={{ _splat: `errors/${code.replace('BYN-', '')}` }}>
          Read about this error
        </Link>
      </p>
    </div>
  )
}
