import { useEffect, useRef } from 'react'
import { RailLinks, ThemeSwitch } from './rail.js'

/** All pages and settings, for narrow screens. */
export function MoreDialog({ isTest, onClose }: { readonly isTest: boolean; readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  const close = () => dialog.current?.close()
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the Escape key closes a dialog by itself
    <dialog
      ref={dialog}
      className="sheet"
      aria-label="More"
      onClose={onClose}
      onClick={(event) => event.target === event.currentTarget && close()}
    >
      <div className="more-list">
        <RailLinks onFollow={close} />
        <p className="rail-group">This device</p>
        <ThemeSwitch />
        {isTest && <p className="test-word">Test network: nothing here has a price.</p>}
        <button type="button" className="rail-link" onClick={close}>
          Close
        </button>
      </div>
    </dialog>
  )
}
