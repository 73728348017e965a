import { toHex } from '@banyan/base'
import type { Chain } from '@banyan/ledger'

/** Nonce and FIG balance of an account, zero if it is absent. */
export function accountOf(chain: Chain, address: Uint8Array): { nonce: bigint; balance: bigint } {
  const { accounts } = chain.state
  const row = accounts.find(new Uint32Array(new Uint8Array([...address]).buffer), 0)
  if (row < 0) return { nonce: 0n, balance: 0n }
  const view = new DataView(accounts.rows.bytes.slice(row * 64, row * 64 + 64).buffer)
  const balance = view.getBigUint64(32, true) + (view.getBigUint64(40, true) << 64n)
  return { nonce: view.getBigUint64(24, true), balance }
}

/** Everything in the state that does not name blocks, as text. */
export function contentOf(chain: Chain): Record<string, string> {
  const { state } = chain
  const content = Object.fromEntries(
    [...state.keyedTables.map(({ rows }) => rows), state.assets].map((rows) => [
      rows.name,
      `${rows.length}/${rows.freeHead}:${toHex(rows.bytes.slice(0, rows.length * rows.rowBytes))}`,
    ]),
  )
  const chainRow = state.chain.bytes.slice(0, 256).fill(0, 64, 96)
  const recent = state.recent.bytes.slice((chain.head.header.height % 64) * 128).subarray(32, 64)
  return { ...content, chain: toHex(chainRow), ids: toHex(recent) }
}
