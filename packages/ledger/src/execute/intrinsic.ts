import type { CallEntry } from './call-result.js'
import { gas } from './fees.js'

/** Gas that a call transaction uses before its first call runs. */
export function intrinsicWork(entry: CallEntry): { readonly compute: number; readonly bytes: number } {
  const { transaction } = entry
  const bytes = entry.envelope.length * gas.perByte
  if (transaction.kind === 'ethereum') return { compute: gas.ethereum, bytes }
  const signatures = transaction.signatures.length + transaction.sponsor.length
  return { compute: gas.native + signatures * gas.signature, bytes }
}
