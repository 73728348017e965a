import { asAddress, asAssetId, fromHex, type Hex } from '@banyan/base'
import { throwIfAborted } from '../abort.js'
import type { Client } from '../client.js'
import { requireAddress, requireCount } from '../hex.js'
import { ask, type Options } from '../http.js'
import type { Verifier } from '../verifier.js'

export type AccountState = {
  /** Final block after which this holds. */
  readonly height: number
  readonly exists: boolean
  /** As packages name it. */
  readonly number: number | null
  /** Next nonce of an Ethereum transaction, and the same with those that wait. */
  readonly nonce: bigint
  readonly pendingNonce: bigint
  /** FIG in pip. */
  readonly balance: bigint
  readonly flags: number
  readonly delegate: number
  readonly utxoCount: number
}

type ByAddress = Options & { readonly address: Hex }

/** An account; all zero if there is none. */
export async function getAccount(client: Client, { address, signal }: ByAddress): Promise<AccountState> {
  const json = await ask(client, `/v1/accounts/${requireAddress(address, 'address')}`, { signal })
  const state = json as Omit<AccountState, 'nonce' | 'pendingNonce' | 'balance'> &
    Record<'nonce' | 'pendingNonce' | 'balance', string>
  return {
    ...state,
    nonce: BigInt(state.nonce),
    pendingNonce: BigInt(state.pendingNonce),
    balance: BigInt(state.balance),
  }
}

/**
 * Balance in base units; asset 0, the default, is FIG. With `verify` the answer is proven, not believed: then further
 * errors are those of the light client.
 */
export async function getBalance(
  client: Client,
  { address, asset = 0, verify, signal }: ByAddress & { readonly asset?: number; readonly verify?: Verifier },
): Promise<bigint> {
  const owner = requireAddress(address, 'address')
  requireCount(asset, 'asset')
  if (verify !== undefined) {
    const proven = await verify.balance(asAddress(fromHex(owner)!), asAssetId(asset))
    throwIfAborted(signal)
    return proven.value ?? 0n
  }
  const { balance } = (await ask(client, `/v1/accounts/${owner}/balances/${asset}`, { signal })) as {
    readonly balance: string
  }
  return BigInt(balance)
}

export type Balance = { readonly asset: number; readonly balance: bigint }

const maxPages = 100

/** All that an account holds, by asset number. */
export async function getBalances(
  client: Client,
  { address, signal }: ByAddress,
): Promise<readonly Balance[]> {
  const path = `/v1/accounts/${requireAddress(address, 'address')}/balances`
  const found: Balance[] = []
  let from: number | null = 0
  for (let page = 0; from !== null && page < maxPages; page++) {
    const answer = (await ask(client, `${path}?from=${from}`, { signal })) as {
      readonly balances: readonly { readonly asset: number; readonly balance: string }[]
      readonly next: number | null
    }
    found.push(...answer.balances.map(({ asset, balance }) => ({ asset, balance: BigInt(balance) })))
    from = answer.next
  }
  return found
}
