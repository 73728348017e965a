import { asAddress, asHash, leToUint } from '@banyan/base'
import type { CryptoProvider } from '@banyan/crypto'
import { type Chain, type ChainOptions, createChain, createCollection, type Genesis } from '@banyan/ledger'
import type { Genesis as ModelGenesis } from '@banyan/model'

/** A provider that takes every signature: what is generated is not signed, and its keys are random bytes. */
export function trusting(provider: CryptoProvider): CryptoProvider {
  return { ...provider, ed25519: { ...provider.ed25519, verify: () => true } }
}

/** The ledger's description of a model's genesis. */
export function ledgerGenesis({ chainId, timestamp, prices, maxRows, ...state }: ModelGenesis): Genesis {
  const byDimension = <Value>([compute, bytes, rows]: readonly Value[]) => ({
    compute: compute!,
    bytes: bytes!,
    state: rows!,
  })
  return {
    chainId,
    timestamp,
    maxRows,
    fees: {
      start: byDimension(prices.start),
      floor: byDimension(prices.floor),
      limit: byDimension(prices.limits.map(Number)),
    },
    accounts: state.accounts.map(({ address, balance, delegate }) => ({
      address: asAddress(address),
      balance,
      ...(delegate ? { delegate: asAddress(state.accounts[delegate - 1]!.address) } : {}),
    })),
    assets: state.assets.slice(1).map(({ supply: _, ...asset }, i) => ({
      ...asset,
      issuer: asAddress(asset.issuer),
      metadataHash: asHash(asset.metadataHash),
      holders: state.balances
        .filter((row) => row.asset === i + 1)
        .map(({ address, amount }) => ({ owner: asAddress(address), amount })),
    })),
  }
}

/** A chain without contracts that starts as a model does. Accounts with flags get them after the genesis block. */
export function ledgerOf(genesis: ModelGenesis, options: Pick<ChainOptions, 'provider' | 'memory'>): Chain {
  const collection = createCollection(1, [])
  const chain = createChain({ genesis: ledgerGenesis(genesis), collection, ...options })
  const { rows } = chain.state.accounts
  for (const [i, { flags }] of genesis.accounts.entries()) {
    if (!flags) continue
    rows.touch(i + 1)
    rows.words[(i + 1) * 16 + 5] = flags
  }
  chain.stateRoot = chain.state.commit()
  return chain
}

/** Sum of all balances of each asset, FIG first. */
export function totalsOf({ state }: Chain): bigint[] {
  const totals = new Array<bigint>(state.assets.length).fill(0n)
  for (const [table, asset] of [
    [state.accounts, () => 0],
    [state.balances, (row: Uint8Array) => Number(leToUint(row.subarray(20, 24)))],
  ] as const) {
    for (let i = 0; i < table.rows.length; i++) {
      const row = table.rows.bytes.subarray(i * 64, (i + 1) * 64)
      totals[asset(row)]! += leToUint(row.subarray(32, 48))
    }
  }
  return totals
}
