import { Link } from '@tanstack/react-router'
import { Download } from 'lucide-react'
import { useWorkItem } from '../../data/compute/queries.js'
import type { Answer } from '../../data/compute/render.js'
import { ErrorNote } from '../../errors/error-note.js'
import { bytesText, spanText } from '../../format/time.js'
import { MinerName } from '../../parts/miner-name.js'
import { Price } from '../../parts/price.js'

type AnswerViewProps = {
  readonly answer: Answer | undefined
  readonly error: unknown
  readonly isBusy: boolean
  /** Of the file when it is kept. */
  readonly name: string
  /** What did not happen if it failed. */
  readonly what: string
}

/** What a service answered: the picture, who made it, how long that took, and what it cost. */
export function AnswerView({ answer, error, isBusy, name, what }: AnswerViewProps) {
  if (error !== null && error !== undefined) return <ErrorNote error={error} what={what} />
  if (answer === undefined) {
    return (
      <div className={isBusy ? 'answer is-waiting' : 'answer'}>
        <div className="answer-frame" role={isBusy ? 'status' : undefined}>
          <p className="is-quiet">{isBusy ? 'A miner is at it…' : 'The answer will be here.'}</p>
        </div>
      </div>
    )
  }
  return (
    <figure className={isBusy ? 'answer is-waiting' : 'answer'} aria-busy={isBusy}>
      <div className="answer-frame">
        {answer.text !== undefined ? (
          <pre className="raw">{answer.text}</pre>
        ) : answer.type.startsWith('image/') ? (
          <img src={answer.url} alt="What the miner made" />
        ) : (
          <p className="is-quiet">A file of the type {answer.type}.</p>
        )}
      </div>
      <figcaption>
        {answer.request === undefined ? (
          <p>
            {bytesText(answer.bytes)} in {spanText(answer.tookMs)}.
          </p>
        ) : (
          <Done request={answer.request} answer={answer} />
        )}
        <a href={answer.url} download={name} className="button is-small">
          <Download size={14} aria-hidden="true" />
          Keep it
        </a>
      </figcaption>
    </figure>
  )
}

/** Who did it and for how much, as soon as the region knows. */
function Done({ request, answer }: { readonly request: string; readonly answer: Answer }) {
  const { data: item } = useWorkItem(request)
  return (
    <p role="status">
      {item === undefined ? 'Done' : 'Made by '}
      {item !== undefined && <MinerName miner={item.miner} />} in {spanText(answer.tookMs)},{' '}
      {bytesText(answer.bytes)}
      {item?.charge != null && (
        <>
          , for{' '}
          <strong>
            <Price micro={item.charge.enterpriseAmount} currency={item.charge.currency} />
          </strong>
        </>
      )}
      .{' '}
      <Link to="/requests/$id" params={{ id: request }}>
        See the request
      </Link>
    </p>
  )
}
