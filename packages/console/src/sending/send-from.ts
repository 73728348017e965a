import { createToken, mintToken, pauseToken, type Sending, send, unpauseToken } from '@banyan/sdk'
import { client } from '../data/client.js'
import { sponsorUrl } from '../data/sponsor.js'
import type { DeviceAccount } from '../wallet/device-accounts.js'
import type { Act } from './act.js'
import { signerOf } from './signer.js'

/** Does something in the name of an account of this device; the sponsor of the network pays, or the account itself. Errors: those of `send`, through the parts of what it returns. */
export async function sendFrom(
  device: DeviceAccount,
  act: Act,
  isSponsored: boolean,
  signal: AbortSignal,
): Promise<Sending> {
  const sponsor = isSponsored ? { url: sponsorUrl } : false
  const options = { account: await signerOf(device), sponsor, signal } as const
  switch (act.kind) {
    case 'pay':
      return send(client, { ...options, to: act.to, amount: act.amount, asset: act.asset })
    case 'create':
      return createToken(client, { ...options, token: act.token })
    case 'issue':
      return mintToken(client, { ...options, asset: act.asset, to: act.to, amount: act.amount })
    case 'pause':
      return pauseToken(client, { ...options, asset: act.asset })
    case 'resume':
      return unpauseToken(client, { ...options, asset: act.asset })
  }
}
