import { Fingerprint } from 'lucide-react'
import { useState } from 'react'
import { usePeople } from '../../data/local.js'
import { ErrorNote } from '../../errors/error-note.js'
import { aliasOf } from '../../names/address-marks.js'
import { Glyph } from '../../parts/glyph.js'
import { Section } from '../../parts/page.js'
import { keepAccount } from '../../wallet/device-accounts.js'

type Doing =
  | { readonly kind: 'idle' }
  | { readonly kind: 'busy' }
  | { readonly kind: 'failed'; readonly error: unknown }

/** Ways to have an account: a new passkey, a passkey from before, or somebody of a test network. */
export function StartPanel() {
  const [doing, setDoing] = useState<Doing>({ kind: 'idle' })
  const run = async (find: (passkeys: typeof import('../../wallet/passkeys.js')) => Promise<void>) => {
    setDoing({ kind: 'busy' })
    try {
      await find(await import('../../wallet/passkeys.js'))
      setDoing({ kind: 'idle' })
    } catch (error) {
      setDoing({ kind: 'failed', error })
    }
  }
  const isBusy = doing.kind === 'busy'
  return (
    <>
      <Section title="An account in one touch">
        <p className="lead">
          Your device makes a passkey and keeps it: unlocking the device is signing in. There is no phrase to
          write down and nothing to install.
        </p>
        <div className="actions">
          <button
            type="button"
            className="button is-primary"
            disabled={isBusy}
            onClick={() => void run(({ createPasskey }) => createPasskey())}
          >
            <Fingerprint size={18} aria-hidden="true" />
            {isBusy ? 'Confirm on your device…' : 'Create account'}
          </button>
          <button
            type="button"
            className="button"
            disabled={isBusy}
            onClick={() => void run(({ findPasskey }) => findPasskey())}
          >
            I have one already
          </button>
        </div>
        {doing.kind === 'failed' && <ErrorNote error={doing.error} what="There is no account yet" />}
      </Section>
      <People />
    </>
  )
}

/** People of a test network, whose keys everybody on this machine may use. */
function People() {
  const people = usePeople()
  if (people.length === 0) return null
  return (
    <Section title="Or act as one of the test people">
      <p className="lead">
        They live on this test network only, have money to try things with, and mind nothing.
      </p>
      <ul className="people">
        {people.map(({ name, address }) => (
          <li key={address}>
            <button
              type="button"
              className="person"
              onClick={() => keepAccount({ kind: 'person', name, address })}
            >
              <Glyph address={address} />
              <span>
                {name}
                <small>{aliasOf(address)}</small>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Section>
  )
}
