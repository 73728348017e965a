import { useNavigate } from '@tanstack/react-router'
import { Search } from 'lucide-react'
import { type KeyboardEvent, useContext, useEffect, useRef, useState } from 'react'
import { KnownNamesContext } from '../names/known-names.js'
import { searchEntries } from './search-entries.js'

/** Search and commands: a field with a list under it, by the combobox pattern of WAI-ARIA. */
export function SearchDialog({ onClose }: { readonly onClose: () => void }) {
  const names = useContext(KnownNamesContext)
  const navigate = useNavigate()
  const dialog = useRef<HTMLDialogElement>(null)
  const [query, setQuery] = useState('')
  const [chosen, setChosen] = useState(0)
  const entries = searchEntries(query, names)
  const active = Math.min(chosen, entries.length - 1)

  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  useEffect(() => {
    document.getElementById(`found-${active}`)?.scrollIntoView({ block: 'nearest' })
  }, [active])

  const go = (index: number) => {
    const entry = entries[index]
    if (entry === undefined) return
    dialog.current?.close()
    void navigate({ to: entry.path })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 }
    const step = steps[event.key]
    if (step !== undefined && entries.length > 0) {
      event.preventDefault()
      setChosen((active + step + entries.length) % entries.length)
    } else if (event.key === 'Enter') {
      event.preventDefault()
      go(active)
    }
  }

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the Escape key closes a dialog by itself
    <dialog
      ref={dialog}
      className="sheet"
      aria-label="Search and commands"
      onClose={onClose}
      onClick={(event) => event.target === event.currentTarget && event.currentTarget.close()}
    >
      <div className="search-field">
        <Search size={18} aria-hidden="true" />
        <input
          role="combobox"
          aria-label="Search"
          aria-expanded="true"
          aria-controls="found"
          aria-activedescendant={entries.length > 0 ? `found-${active}` : undefined}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          placeholder="Block, transaction, address, name or page"
          value={query}
          onChange={(event) => {
            setQuery(event.target.value)
            setChosen(0)
          }}
          onKeyDown={onKeyDown}
        />
        <kbd>esc</kbd>
      </div>
      {entries.length === 0 ? (
        <p className="search-none" role="status">
          Nothing is called that. A block has a number, an address 40 characters after 0x, a transaction 64.
        </p>
      ) : (
        <div className="search-list" id="found" role="listbox" aria-label="Found">
          {entries.map(({ id, label, hint, mark }, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: keys go to the field, which names the active option
            <div
              key={`${id} ${hint}`}
              id={`found-${index}`}
              className="search-option"
              role="option"
              tabIndex={-1}
              aria-selected={index === active}
              onPointerMove={() => setChosen(index)}
              onClick={() => go(index)}
            >
              {mark}
              {label}
              <small>{hint}</small>
            </div>
          ))}
        </div>
      )}
    </dialog>
  )
}
