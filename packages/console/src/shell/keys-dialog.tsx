import { useEffect, useRef } from 'react'

const keys: readonly (readonly [string, string])[] = [
  ['/', 'Search: a block, a transaction, an address, a name or a page'],
  ['.', 'Copy the command that shows or does the same as this page'],
  ['?', 'These keys'],
  ['Tab', 'To the next thing; the second stop of every page is the tideline'],
  ['← →', 'On the tideline: from block to block; Enter opens it'],
  ['Esc', 'Close what is open'],
]

/** The keys that work everywhere. */
export function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the Escape key closes a dialog by itself
    <dialog
      ref={dialog}
      className="sheet"
      aria-labelledby="keys"
      onClose={onClose}
      onClick={(event) => event.target === event.currentTarget && event.currentTarget.close()}
    >
      <div className="keys">
        <h2 id="keys">Keys</h2>
        <dl>
          {keys.map(([key, text]) => (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
        <button type="button" className="button is-small" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
    </dialog>
  )
}
