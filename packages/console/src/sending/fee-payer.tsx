import { useSponsor } from '../data/sponsor.js'
import { canBeSponsored, type DeviceAccount } from '../wallet/device-accounts.js'

/** Who pays the network fee of what is about to be confirmed. */
export function FeePayer({ account }: { readonly account: DeviceAccount }) {
  const payer = useSponsor() === undefined || !canBeSponsored(account) ? 'you' : 'the sponsor of this network'
  return <p className="note-code">Network fee: paid by {payer}.</p>
}
