import { fail, leToUint } from '@banyan/base'
import { portable, type RowProof, verifyPresence } from '@banyan/crypto'
import { proveAccount } from '@banyan/ledger'
import type { ChainStore } from '@banyan/node'
import { otto } from './people.js'
import { figs, line, short, title } from './print.js'

/** Offset and bytes of the FIG balance in an account's row. */
const balanceOffset = 32
const balanceBytes = 16

/**
 * Proves Otto's balance and verifies it as a browser would: with portable code, and nothing of the chain but its state
 * root. Error: ProofInvalid.
 */
export function proveOttosBalance({ chain }: ChainStore): void {
  title('A proof')
  const proof = proveAccount(chain, otto.address)
  if (proof.kind === 'absent') fail('ProofInvalid', { reason: 'Otto has no account' })
  const holds = (row: RowProof): boolean =>
    verifyPresence(portable, chain.stateRoot, 'accounts', otto.address, row)
  const { row } = proof
  const richer = { ...row, bytes: row.bytes.slice() }
  richer.bytes[balanceOffset]! ^= 1
  if (!holds(row) || holds(richer)) fail('ProofInvalid', { reason: 'it does not show the balance' })
  const balance = leToUint(row.bytes.subarray(balanceOffset, balanceOffset + balanceBytes))
  const size = row.bytes.length + row.branch.length + row.tableBranch.length
  line(`${size} bytes show that Otto has ${figs(balance)} under the state root`)
  line(`${short(chain.stateRoot)}, and nothing else of the chain is needed to check them.`)
  line('With one bit of the balance changed, the proof does not hold.')
}
