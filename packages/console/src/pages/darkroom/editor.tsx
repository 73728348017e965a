import { BanyanError } from '@banyan/base'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useQuote, workKey } from '../../data/compute/queries.js'
import { render } from '../../data/compute/render.js'
import { Field } from '../../forms/field.js'
import { AnswerView } from '../compute/answer-view.js'
import { quoteText } from '../compute/quote-text.js'
import { CodeField, type Place } from './code-field.js'
import { samples } from './gallery-items.js'
import { queryOf } from './values.js'

type EditorProps = { readonly name: string; readonly text: string; readonly values: string }

/** Where a script is wrong: messages about scripts begin with the place. */
function placeOf(error: unknown): Place | undefined {
  const match = error instanceof BanyanError ? /, line (\d+), column (\d+):/.exec(error.message) : null
  return match === null ? undefined : { line: Number(match[1]), column: Number(match[2]) }
}

/** A script, the values for it, and what a miner makes of them. */
export function Editor({ name, text: initialText, values: initialValues }: EditorProps) {
  const [text, setText] = useState(initialText)
  const [values, setValues] = useState(initialValues)
  const field = useRef<HTMLTextAreaElement>(null)
  const quote = useQuote('darkroom')
  const queries = useQueryClient()
  const running = useMutation({
    mutationFn: () =>
      render(`/darkroom/io?${queryOf(values)}`, {
        method: 'POST',
        headers: { 'content-type': 'text/javascript' },
        body: text,
      }),
    onSettled: () => queries.invalidateQueries({ queryKey: workKey }),
  })
  const place = placeOf(running.error)
  return (
    <div className="columns is-editor">
      <form
        className="section"
        onSubmit={(event) => {
          event.preventDefault()
          running.mutate()
        }}
      >
        <CodeField
          ref={field}
          label="Script"
          text={text}
          onText={setText}
          onRun={() => running.mutate()}
          wrongAt={place}
        />
        <Field
          label="Values of its parameters"
          value={values}
          onChange={(event) => setValues(event.target.value)}
          spellCheck={false}
          hint={`Names and values with & between. Pictures: ${samples.map((sample) => `sample:${sample.name}`).join(', ')}.`}
        />
        <div className="actions">
          <button type="submit" className="button is-primary" disabled={running.isPending}>
            {running.isPending ? 'A miner is at it…' : 'Run it'}
          </button>
          {place !== undefined && (
            <button type="button" className="button" onClick={() => showPlace(field.current, text, place)}>
              Go to line {place.line}, column {place.column}
            </button>
          )}
          <span className="is-quiet">
            {quoteText(quote.data)} · <kbd>Ctrl</kbd> <kbd>Enter</kbd>
          </span>
        </div>
      </form>
      <AnswerView
        answer={running.data}
        error={running.error}
        isBusy={running.isPending}
        name={name}
        what="The script did not run"
      />
    </div>
  )
}

/** Puts the cursor where a script is wrong. */
function showPlace(field: HTMLTextAreaElement | null, text: string, { line, column }: Place): void {
  const before = text.split('\n').slice(0, line - 1)
  const at = before.reduce((sum, each) => sum + each.length + 1, 0) + column - 1
  field?.focus()
  field?.setSelectionRange(at, at + 1)
}
