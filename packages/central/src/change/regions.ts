import { fail } from '@banyan/base'
import type { Region } from '../records.js'
import { limits } from '../rules/kinds.js'
import { accountOf, type Change, type Context } from './change.js'

const loopback = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/

/** Registers the descriptor of a region, or changes it. Errors: CentralAccountUnknown, RegionInvalid, CentralBusy. */
export function setRegion(context: Context, region: Region): Change<Region> {
  const { regions } = context.state
  if (!regions.has(region.account) && regions.size >= limits.regions) fail('CentralBusy', { what: 'regions' })
  if (accountOf(context, region.account).kind !== 'region')
    fail('RegionInvalid', { reason: 'its account is not that of a region' })
  checkAddress(region.web, 'https:', 'http:')
  checkAddress(region.link, 'wss:', 'ws:')
  return { events: [{ type: 'regionSet', region }], result: region }
}

/** Addresses are encrypted, but for those of this machine. */
function checkAddress(address: string, secure: string, plain: string): void {
  if (!URL.canParse(address)) fail('RegionInvalid', { reason: 'an address is none' })
  const { protocol, hostname, username, password } = new URL(address)
  if (username !== '' || password !== '') fail('RegionInvalid', { reason: 'an address holds credentials' })
  if (protocol !== secure && !(protocol === plain && loopback.test(hostname)))
    fail('RegionInvalid', { reason: `an address is not ${secure}//…` })
}
