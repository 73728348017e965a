import { Coins } from 'lucide-react'
import type { Faucet } from './use-faucet.js'

/** Asks for test money. */
export function FaucetButton({
  faucet,
  isMain = false,
}: {
  readonly faucet: Faucet
  readonly isMain?: boolean
}) {
  return (
    <button
      type="button"
      className={isMain ? 'button is-primary' : 'button'}
      disabled={faucet.isBusy}
      onClick={faucet.ask}
    >
      <Coins size={18} aria-hidden="true" />
      {faucet.isBusy ? 'It is on its way…' : 'Get test money'}
    </button>
  )
}
