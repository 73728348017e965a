import type { Summary, Transaction } from '@banyan/sdk'
import { Link, useParams } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useSummary, useTransaction } from '../../data/chain.js'
import { countText } from '../../format/amount.js'
import { exactText } from '../../format/time.js'
import { shortHex } from '../../names/address-marks.js'
import { Address } from '../../parts/address.js'
import { Ago } from '../../parts/ago.js'
import { FigMoney } from '../../parts/fig-money.js'
import { Facts } from '../../parts/figures.js'
import { FullValue } from '../../parts/full-value.js'
import { Loaded } from '../../parts/loaded.js'
import { Page, Section } from '../../parts/page.js'
import { RawBox } from '../../parts/raw-box.js'
import { StateMark } from '../../parts/states.js'
import { Sentence } from '../../sentences/sentence-view.js'
import { MovementList } from './movement-list.js'
import { typeText } from './transaction-type.js'

const crumb = <Link to="/explorer/transactions">Transactions</Link>

const states = {
  pending: ['waiting', 'Waiting', 'It waits for a place in a block.'],
  included: ['waiting', 'Almost final', 'It is in a block that the validators are voting on.'],
  final: ['done', 'Final', 'It can never change.'],
  failed: ['failed', 'Failed', 'It moved nothing.'],
  expired: ['failed', 'Expired', 'It can never happen any more. Nothing was moved and no fee was paid.'],
} as const satisfies Record<Transaction['state'], unknown>

/** One transaction, wherever it is on its way. */
export function TransactionPage() {
  const { id } = useParams({ from: '/explorer/tx/$id' })
  const query = useTransaction(id)
  const summary = useSummary(query.data)
  const { data } = query
  if (data === undefined) {
    return (
      <Page title="Transaction" crumb={crumb}>
        <Loaded query={query} what="This transaction could not be read">
          {() => null}
        </Loaded>
      </Page>
    )
  }
  return <TransactionView transaction={data} summary={summary} />
}

type ViewProps = { readonly transaction: Transaction; readonly summary: Summary | undefined }

function TransactionView({ transaction, summary }: ViewProps) {
  const { id, state, from, to } = transaction
  const [kind, word, meaning] = states[state]
  const title = summary === undefined ? <Towards from={from} to={to} /> : <Sentence summary={summary} large />
  return (
    <Page
      crumb={crumb}
      tab={`Transaction ${shortHex(id)}`}
      title={title}
      lead={
        <>
          <StateMark kind={kind}>{word}</StateMark> · {meaning}
          {summary !== undefined && (
            <>
              {' '}
              · <Ago at={summary.timestamp} />
            </>
          )}
        </>
      }
    >
      {transaction.error !== null && <Reason error={transaction.error.message} />}
      <Facts facts={factsOf(transaction, summary)} />
      {summary !== undefined && summary.movements.length > 1 && (
        <Section title="What was moved">
          <MovementList movements={summary.movements} />
        </Section>
      )}
      <RawBox value={transaction} />
    </Page>
  )
}

function Towards({ from, to }: { readonly from: string; readonly to: string | null }) {
  return (
    <span className="sentence is-large">
      <Address value={from} brief /> has sent something to{' '}
      {to === null ? 'many' : <Address value={to} brief />}
    </span>
  )
}

function Reason({ error }: { readonly error: string }) {
  return (
    <div className="note is-wrong">
      <p>{error}</p>
    </div>
  )
}

function factsOf(
  { id, block, from, to, type, outcome }: Transaction,
  summary: Summary | undefined,
): readonly (readonly [string, ReactNode])[] {
  const facts: (readonly [string, ReactNode])[] = [['From', <Address key="from" value={from} />]]
  if (to !== null) facts.push(['To', <Address key="to" value={to} />])
  if (block !== null) {
    facts.push([
      'Block',
      <Link key="block" to="/explorer/block/$block" params={{ block: String(block.height) }}>
        {countText(block.height)}
      </Link>,
    ])
  }
  if (summary !== undefined) facts.push(['Time', exactText(summary.timestamp)])
  if (outcome !== null) {
    const payer = summary?.sponsor ?? null
    facts.push([
      'Network fee',
      <span key="fee">
        <FigMoney amount={outcome.fee} />
        {payer !== null && (
          <>
            , paid by <Address value={payer} brief />
          </>
        )}
      </span>,
    ])
    if (outcome.error !== null) facts.push(['Reason', outcome.error])
  }
  facts.push(
    ['Kind', typeText(type)],
    ['Transaction id', <FullValue key="id" value={id} what="transaction id" />],
  )
  return facts
}
