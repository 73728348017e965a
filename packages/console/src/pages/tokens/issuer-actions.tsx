import type { Asset } from '@banyan/sdk'
import { Link } from '@tanstack/react-router'
import { Section } from '../../parts/page.js'
import { isOpen } from '../../sending/act-form.js'
import { ProgressNote } from '../../sending/progress-note.js'
import { useSending } from '../../sending/use-sending.js'
import { isPausable, isPaused, mayIssueMore } from '../../sentences/token-rights.js'
import { useWallet } from '../../wallet/use-wallet.js'

/** What the account in use can do with a token, if it is its issuer. */
export function IssuerActions({ asset }: { readonly asset: Asset }) {
  const { account } = useWallet()
  const { state, start, reset } = useSending()
  const isIssuer = account !== undefined && account.address === asset.issuer
  if (!isIssuer || !(mayIssueMore(asset) || isPausable(asset))) return null
  const paused = isPaused(asset)
  return (
    <Section title="You issued this token">
      {isOpen(state) && (
        <div className="actions">
          {mayIssueMore(asset) && (
            <Link to="/tokens/issue/$asset" params={{ asset: String(asset.asset) }} className="button">
              Issue more
            </Link>
          )}
          {isPausable(asset) && (
            <button
              type="button"
              className="button"
              onClick={() => void start(account, { kind: paused ? 'resume' : 'pause', asset: asset.asset })}
            >
              {paused ? 'Let it be transferred again' : 'Pause all transfers'}
            </button>
          )}
        </div>
      )}
      <ProgressNote
        state={state}
        failure="Nothing was changed"
        done={paused ? `Nobody can transfer ${asset.symbol} now.` : `${asset.symbol} can be transferred.`}
        again="Done"
        onAgain={reset}
      />
    </Section>
  )
}
