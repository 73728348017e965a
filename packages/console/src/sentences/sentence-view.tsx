import type { Summary } from '@banyan/sdk'
import { Fragment } from 'react'
import { AssetMoney } from '../data/asset-money.js'
import { Address } from '../parts/address.js'
import { sentenceOf } from './sentence.js'

type SentenceProps = { readonly summary: Summary; readonly large?: boolean }

/** What a transaction did, with links to whom it names. */
export function Sentence({ summary, large = false }: SentenceProps) {
  const parts = sentenceOf(summary).map((part, index) => ({ part, key: `${index} ${part.kind}` }))
  return (
    <span className={large ? 'sentence is-large' : 'sentence'}>
      {parts.map(({ part, key }) => (
        <Fragment key={key}>
          {part.kind === 'text' && part.text}
          {part.kind === 'address' && <Address value={part.address} brief />}
          {part.kind === 'money' && <AssetMoney asset={part.asset} amount={part.amount} />}{' '}
        </Fragment>
      ))}
    </span>
  )
}
