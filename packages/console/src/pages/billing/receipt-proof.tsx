import type { Receipt } from '@banyan/billing'
import type { ChargeView } from '@banyan/region/api'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Check, ShieldCheck } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { ChargeProof } from '../../data/compute/prove-charge.js'
import { countText } from '../../format/amount.js'
import { shortHex } from '../../names/address-marks.js'
import { FigMoney } from '../../parts/fig-money.js'
import { Loaded } from '../../parts/loaded.js'
import { Section } from '../../parts/page.js'
import { Price } from '../../parts/price.js'
import { Empty } from '../../parts/states.js'

/** The receipt of a charge, checked in the browser of the reader when they ask for it. */
export function ReceiptProof({ view }: { readonly view: ChargeView }) {
  return (
    <Section title="Proof that it is part of what was paid">
      {view.receipt === null ? (
        <Empty
          action={
            <Link to="/billing" className="button is-small">
              To the invoices
            </Link>
          }
        >
          No invoice holds this charge yet. Once it is settled, its receipt proves on the chain what was paid.
        </Empty>
      ) : (
        <Proof id={view.charge.id} receipt={view.receipt} />
      )}
    </Section>
  )
}

function Proof({ id, receipt }: { readonly id: string; readonly receipt: Receipt }) {
  const [isWanted, setWanted] = useState(false)
  const { transfer } = receipt.part
  const query = useQuery({
    queryKey: ['charge proof', id],
    queryFn: async () => (await import('../../data/compute/prove-charge.js')).proveCharge(id, receipt),
    enabled: isWanted,
    retry: false,
  })
  if (isWanted) {
    return (
      <Loaded query={query} what="It could not be proven" rows={4}>
        {(proof) => <Proven proof={proof} />}
      </Loaded>
    )
  }
  return (
    <>
      <p className="lead">
        The receipt leads from this charge to the anchor
        {transfer !== undefined && (
          <>
            {' '}
            in transaction{' '}
            <Link to="/explorer/tx/$id" params={{ id: transfer.id }} className="hash">
              {shortHex(transfer.id)}
            </Link>{' '}
            of block{' '}
            <Link to="/explorer/block/$block" params={{ block: String(transfer.height) }}>
              {countText(transfer.height)}
            </Link>
          </>
        )}
        . Your browser can follow it by itself.
      </p>
      <div className="actions">
        <button type="button" className="button is-primary" onClick={() => setWanted(true)}>
          <ShieldCheck size={18} aria-hidden="true" />
          Prove it in this browser
        </button>
      </div>
    </>
  )
}

function Proven({ proof }: { readonly proof: ChargeProof }) {
  const { columns, count, total, steps, anchor, onChain, direction } = proof
  const price = (
    <Price
      micro={direction === 'in' ? columns.enterpriseAmount : columns.contributorAmount}
      currency={columns.currency}
    />
  )
  return (
    <div className="note is-done" role="status">
      <p className="note-title is-pine">
        <ShieldCheck size={18} aria-hidden="true" />
        <span>
          Proven: {price} for this charge is{' '}
          {count === 1 ? 'the whole invoice' : `one of ${countText(count)} amounts of the invoice`}
          {onChain !== undefined && ', and the chain has it'}.
        </span>
      </p>
      <ol className="proof-steps">
        <Step title="The charge is in the sum">
          Its hash and amount lead by {steps} {steps === 1 ? 'step' : 'steps'} to the root of a tree whose sum
          is <FigMoney amount={total} />. Another amount would lead to another root.
        </Step>
        <Step title="The anchor stands for this sum">
          <span className="hash">{shortHex(anchor)}</span> is made of this root, sum, account and period, and
          of nothing else.
        </Step>
        {onChain !== undefined && (
          <>
            <Step title="The transaction carries the anchor">
              <Link to="/explorer/tx/$id" params={{ id: onChain.transfer.id }} className="hash">
                {shortHex(onChain.transfer.id)}
              </Link>{' '}
              has succeeded, with the anchor as its memo; its receipt is under the root of the block.
            </Step>
            <Step title="The block is final">
              {onChain.block.members.filter(({ hasSigned }) => hasSigned).length} of{' '}
              {onChain.block.members.length} validators have signed block{' '}
              <Link to="/explorer/block/$block" params={{ block: String(onChain.transfer.height) }}>
                {countText(onChain.transfer.height)}
              </Link>
              {onChain.block.links > 0 && ' by one that follows it'}.
            </Step>
          </>
        )}
      </ol>
      <p>
        {onChain === undefined
          ? 'No transaction carries the anchor yet: the sum was too small to be paid out and was carried over.'
          : 'This browser has checked all of it, and trusts nothing but the first validators in the genesis of this network.'}
      </p>
    </div>
  )
}

function Step({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <li>
      <Check size={16} strokeWidth={2.5} aria-hidden="true" />
      <span>
        <strong>{title}.</strong> {children}
      </span>
    </li>
  )
}
