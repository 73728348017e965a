import { useMutation, useQueryClient } from '@tanstack/react-query'
import { FileText, Play, SquarePen } from 'lucide-react'
import { useLocalCompute, useWorkItem, workKey } from '../../data/compute/queries.js'
import { type Answer, dataUrlOf, render } from '../../data/compute/render.js'
import { ErrorNote } from '../../errors/error-note.js'
import { spanText } from '../../format/time.js'
import { MinerName } from '../../parts/miner-name.js'
import { Price } from '../../parts/price.js'
import { type GalleryItem, galleryItems, type Sample } from './gallery-items.js'
import { queryOf } from './values.js'

type GalleryProps = { readonly onOpen: (item: GalleryItem) => void }

/** Inputs, scripts and results side by side. */
export function Gallery({ onOpen }: GalleryProps) {
  const canRun = useLocalCompute().data?.ready === true
  return (
    <ul className="gallery">
      {galleryItems.map((item) => (
        <Card key={item.title} item={item} canRun={canRun} onOpen={onOpen} />
      ))}
    </ul>
  )
}

type Made = { readonly answer: Answer; readonly isSame: boolean }

/** Has a miner make the picture, and compares it with the one that came with the service. */
async function make({ values, script, result }: GalleryItem): Promise<Made> {
  const [answer, kept] = await Promise.all([
    render(`/darkroom/io?${queryOf(values, script)}`),
    fetch(result).then(async (response) => dataUrlOf(await response.blob())),
  ])
  const bytes = (url: string) => url.slice(url.indexOf(','))
  return { answer, isSame: bytes(answer.url) === bytes(kept) }
}

type CardProps = GalleryProps & { readonly item: GalleryItem; readonly canRun: boolean }

function Card({ item, canRun, onOpen }: CardProps) {
  const queries = useQueryClient()
  const making = useMutation({
    mutationFn: () => make(item),
    onSettled: () => queries.invalidateQueries({ queryKey: workKey }),
  })
  return (
    <li className="gallery-card">
      <div className="gallery-pictures">
        <div className="gallery-inputs">
          {item.inputs.map((sample) => (
            <Input key={sample.name} sample={sample} />
          ))}
        </div>
        <div className="gallery-result">
          <img
            src={making.data?.answer.url ?? item.result}
            alt={`${item.title}: the result`}
            loading="lazy"
          />
        </div>
      </div>
      <h3>{item.title}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <pre className="raw" tabIndex={0}>
        {item.text}
      </pre>
      <div className="actions">
        {canRun && (
          <button
            type="button"
            className="button is-small"
            disabled={making.isPending}
            aria-label={`Have a miner make “${item.title}”`}
            onClick={() => making.mutate()}
          >
            <Play size={14} aria-hidden="true" />
            {making.isPending ? 'A miner is at it…' : 'Have a miner make it'}
          </button>
        )}
        <button
          type="button"
          className="button is-small"
          aria-label={`Open “${item.title}” in the editor`}
          onClick={() => onOpen(item)}
        >
          <SquarePen size={14} aria-hidden="true" />
          Edit
        </button>
      </div>
      {making.error !== null && <ErrorNote error={making.error} what="The picture was not made" />}
      {making.data !== undefined && <MadeNote made={making.data} />}
    </li>
  )
}

function Input({ sample: { name, picture } }: { readonly sample: Sample }) {
  if (picture !== undefined) return <img src={picture} alt={`Input: ${name}`} loading="lazy" />
  return (
    <span className="gallery-document" role="img" aria-label={`Input: ${name}`}>
      <FileText size={20} aria-hidden="true" />
    </span>
  )
}

function MadeNote({ made: { answer, isSame } }: { readonly made: Made }) {
  return (
    <p className="gallery-note" role="status">
      {answer.request === undefined ? 'Made' : <MadeBy request={answer.request} />} in{' '}
      {spanText(answer.tookMs)}
      {isSame && ': byte for byte the picture that comes with the service'}.
    </p>
  )
}

function MadeBy({ request }: { readonly request: string }) {
  const { data: item } = useWorkItem(request)
  if (item === undefined) return 'Made'
  return (
    <>
      Made by <MinerName miner={item.miner} />
      {item.charge !== null && (
        <>
          {' '}
          for <Price micro={item.charge.enterpriseAmount} currency={item.charge.currency} />
        </>
      )}
    </>
  )
}
