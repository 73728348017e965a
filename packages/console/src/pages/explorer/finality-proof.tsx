import type { BlockProof } from '@banyan/sdk/verify'
import { useQuery } from '@tanstack/react-query'
import { ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import { useIsTestNetwork } from '../../data/local.js'
import { Address } from '../../parts/address.js'
import { type Column, List } from '../../parts/list.js'
import { Loaded } from '../../parts/loaded.js'
import { Section } from '../../parts/page.js'
import { StateMark } from '../../parts/states.js'

/** Why a block is final, checked in the browser of the reader when they ask for it. */
export function FinalityProof({ height }: { readonly height: number }) {
  const [isWanted, setWanted] = useState(false)
  // Whom to trust stands in the genesis, which only the origin of a local network holds.
  const canCheck = useIsTestNetwork()
  const query = useQuery({
    queryKey: ['block proof', height],
    queryFn: async () => (await import('../../data/prove-block.js')).checkBlock(height),
    enabled: isWanted,
  })
  if (!canCheck) return null
  return (
    <Section title="Why it is final">
      {isWanted ? (
        <Loaded query={query} what="It could not be proven" rows={4}>
          {(proof) => <Proven proof={proof} />}
        </Loaded>
      ) : (
        <>
          <p className="lead">
            Validators have signed this block, or one after it. Your browser can check their signatures by
            itself.
          </p>
          <div className="actions">
            <button type="button" className="button" onClick={() => setWanted(true)}>
              <ShieldCheck size={18} aria-hidden="true" />
              Check it in this browser
            </button>
          </div>
        </>
      )}
    </Section>
  )
}

type Member = BlockProof['members'][number]

const columns: readonly Column<Member>[] = [
  { head: 'Validator', cell: ({ address }) => <Address value={address} />, at: 'a' },
  {
    head: 'Signature',
    cell: ({ hasSigned }) =>
      hasSigned ? (
        <StateMark kind="done">Checked</StateMark>
      ) : (
        <StateMark kind="waiting">Not needed</StateMark>
      ),
    at: 'b',
  },
  { head: 'Weight', end: true, cell: ({ weight }) => String(weight), at: 'd' },
]

const sum = (members: readonly Member[]): number => members.reduce((total, { weight }) => total + weight, 0)

function linksText(links: number): string {
  if (links === 0) return 'this very block'
  return links === 1 ? 'the block after it' : `a block ${links} after it`
}

function Proven({ proof: { members, links, epoch } }: { readonly proof: BlockProof }) {
  const signed = members.filter(({ hasSigned }) => hasSigned)
  return (
    <>
      <div className="note is-done" role="status">
        <p className="note-title is-pine">
          <ShieldCheck size={18} aria-hidden="true" />
          Proven: {signed.length} of {members.length} validators have signed {linksText(links)}.
        </p>
        <p>
          They weigh {sum(signed)} of {sum(members)}, which is a quorum of epoch {epoch}. This browser has
          checked their signatures, and trusts nothing but the first validators in the genesis of this
          network.
        </p>
      </div>
      <List
        label="Who has signed"
        rows={members}
        columns={columns}
        rowKey={({ address }) => address}
        density="compact"
      />
    </>
  )
}
