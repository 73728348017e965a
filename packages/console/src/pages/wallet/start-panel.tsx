import { useWallets } from '@banyan/react'
import type { Wallet } from '@banyan/sdk'
import { Fingerprint, WalletCards } from 'lucide-react'
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
      <Wallets />
      <People />
    </>
  )
}

/** Wallets of this browser. */
function Wallets() {
  const wallets = useWallets()
  const [error, setError] = useState<unknown>()
  if (wallets.length === 0) return null
  const connect = async (wallet: Wallet) => {
    setError(undefined)
    try {
      const { keepInjected } = await import('../../wallet/injected.js')
      await keepInjected(wallet)
    } catch (failure) {
      setError(failure)
    }
  }
  return (
    <Section title="Or use a wallet of this browser">
      <p className="lead">
        It keeps the key, asks you before it signs, and pays the network fee of what it sends.
      </p>
      <ul className="people">
        {wallets.map((wallet) => (
          <li key={wallet.info.uuid}>
            <button type="button" className="person" onClick={() => void connect(wallet)}>
              <WalletIcon source={wallet.info.icon} />
              <span>
                {wallet.info.name}
                <small>connect and add this network</small>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {error !== undefined && <ErrorNote error={error} what="The wallet is not connected" />}
    </Section>
  )
}

/** A wallet draws its icon itself; only pictures that load nothing are shown. */
function WalletIcon({ source }: { readonly source: string }) {
  if (!source.startsWith('data:image/')) return <WalletCards size={20} aria-hidden="true" />
  return <img src={source} alt="" width={24} height={24} />
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
