import type { Hex } from '@banyan/base'
import type { WalletAccount } from '../account/account.js'
import { askWallet } from '../account/wallet.js'
import type { Client } from '../client.js'
import { clientError } from '../errors.js'
import { type Hash, requireHash } from '../hex.js'
import { getStatus } from '../read/chain.js'
import { transferCall } from './prepare.js'
import type { SendRequest } from './request.js'

/**
 * Lets a wallet of Ethereum sign and send one call. It fills in nonce and fees by the node's JSON-RPC. Errors:
 * AccountUnsuited, ConfirmationRefused, WalletFailed.
 */
export async function sendByWallet(
  client: Client,
  request: SendRequest,
  account: WalletAccount,
): Promise<Hash> {
  const calls = 'amount' in request ? [transferCall(request)] : request.calls
  const unsuited = (reason: string) => clientError('AccountUnsuited', { account: account.address, reason })
  const [call] = calls
  if (call === undefined || calls.length > 1) throw unsuited('it makes one call at a time')
  if (request.sponsor) throw unsuited('nobody can pay the fee of an Ethereum transaction for it')
  const { chainId } = await getStatus(client, { signal: request.signal })
  const { to, value = 0n, data = '0x' } = call
  const transaction = {
    from: account.address,
    to,
    value: `0x${value.toString(16)}`,
    data,
    chainId: `0x${chainId.toString(16)}`,
  }
  const id = await askWallet(account.provider, 'eth_sendTransaction', [transaction])
  return requireHash(String(id) as Hex, 'the answer of the wallet')
}
