import { useSponsor } from '../data/sponsor.js'
import { canBeSponsored, type DeviceAccount } from '../wallet/device-accounts.js'

/** Whether the sponsor of this network can pay the fees of an account. */
export function useIsSponsored(account: DeviceAccount): boolean {
  return useSponsor() !== undefined && canBeSponsored(account)
}
