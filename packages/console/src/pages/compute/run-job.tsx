import type { ComputeStatus } from '@banyan/local/api'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useQuote, workKey } from '../../data/compute/queries.js'
import { render } from '../../data/compute/render.js'
import { Field } from '../../forms/field.js'
import { CodeBlock } from '../../parts/code-block.js'
import { offerCommand } from '../../shell/command.js'
import { AnswerView } from './answer-view.js'
import { jobCurl } from './job-curl.js'
import { PictureField, usePicture } from './picture-field.js'
import { presetPath, presets } from './presets.js'
import { quoteText } from './quote-text.js'

/** A picture, what is done with it, what that will cost, and then the answer. */
export function RunJob({ compute }: { readonly compute: ComputeStatus }) {
  const [preset, setPreset] = useState(presets[0]!)
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({})
  const picture = usePicture(compute.sample.input)
  const quote = useQuote('darkroom')
  const queries = useQueryClient()
  const path = presetPath(preset, typed[preset.id])
  const job = useMutation({
    mutationFn: async () => render(path, { method: 'POST', body: await picture.read() }),
    onSettled: () => queries.invalidateQueries({ queryKey: workKey }),
  })
  const input = picture.file === undefined ? { url: compute.sample.input } : { file: picture.file.name }
  const curl = jobCurl({ origin: location.origin, path, input, ending: preset.ending })
  useEffect(() => offerCommand(curl), [curl])
  return (
    <div className="columns">
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          job.mutate()
        }}
      >
        <PictureField picture={picture} />
        <PresetChoice
          chosen={preset.id}
          onChoose={(id) => setPreset(presets.find((each) => each.id === id)!)}
        />
        {preset.field !== undefined && (
          <Field
            label={preset.field.label}
            value={typed[preset.id] ?? preset.field.initial}
            onChange={(event) => setTyped({ ...typed, [preset.id]: event.target.value })}
          />
        )}
        <div className="actions">
          <button type="submit" className="button is-primary" disabled={job.isPending}>
            {job.isPending ? 'A miner is at it…' : 'Develop it'}
          </button>
          <span className="is-quiet">{quoteText(quote.data)}</span>
        </div>
        <CodeBlock label="The same from a terminal" code={curl} />
      </form>
      <AnswerView
        answer={job.data}
        error={job.error}
        isBusy={job.isPending}
        name={`picture.${preset.ending}`}
        what="The picture was not made"
      />
    </div>
  )
}

type PresetChoiceProps = { readonly chosen: string; readonly onChoose: (id: string) => void }

function PresetChoice({ chosen, onChoose }: PresetChoiceProps) {
  return (
    <fieldset className="options">
      <legend className="legend">What to do with it</legend>
      <div className="option-grid">
        {presets.map(({ id, label, hint }) => (
          <label className="option" key={id}>
            <input type="radio" name="preset" checked={id === chosen} onChange={() => onChoose(id)} />
            <span>
              {label}
              <small>{hint}</small>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
