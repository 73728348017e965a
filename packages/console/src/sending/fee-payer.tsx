import type { DeviceAccount } from '../wallet/device-accounts.js'
import { useIsSponsored } from './use-is-sponsored.js'

/** Who pays the network fee of what is about to be confirmed. */
export function FeePayer({ account }: { readonly account: DeviceAccount }) {
  const payer = useIsSponsored(account) ? 'the sponsor of this network' : 'you'
  return <p className="note-code">Network fee: paid by {payer}.</p>
}
