import type { LocalPart } from '@banyan/local/api'
import { countText } from '../../format/amount.js'
import { bytesText } from '../../format/time.js'
import { Ago } from '../../parts/ago.js'
import { type Column, List } from '../../parts/list.js'
import { StateMark } from '../../parts/states.js'

const kinds = {
  ready: 'done',
  starting: 'waiting',
  restarting: 'waiting',
  hangs: 'failed',
  stopping: 'waiting',
  stopped: 'failed',
} as const satisfies Record<LocalPart['state'], string>

function stateText({ state }: LocalPart): string {
  return state.charAt(0).toUpperCase() + state.slice(1)
}

const columns: readonly Column<LocalPart>[] = [
  { head: 'Part', cell: ({ name }) => <span className="mono">{name}</span>, at: 'a' },
  {
    head: 'State',
    cell: (part) => <StateMark kind={kinds[part.state]}>{stateText(part)}</StateMark>,
    at: 'b',
  },
  { head: 'Since', cell: ({ since }) => <Ago at={since} />, at: 'c' },
  {
    head: 'Block',
    end: true,
    cell: ({ height }) => (height === null ? '–' : countText(height)),
  },
  {
    head: 'Memory',
    end: true,
    cell: ({ memoryBytes }) => (memoryBytes === null ? '–' : bytesText(memoryBytes)),
    at: 'd',
  },
  { head: 'Restarts', end: true, cell: ({ restarts }) => countText(restarts) },
  { head: 'Process', end: true, cell: ({ pid }) => (pid === null ? '–' : String(pid)) },
]

/** The processes of a local network. */
export function PartList({ parts }: { readonly parts: readonly LocalPart[] }) {
  return (
    <List
      label="Parts of the network"
      rows={parts}
      columns={columns}
      rowKey={({ name }) => name}
      density="compact"
    />
  )
}
