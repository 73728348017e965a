import type { Entry } from './entry.js'

/** Whether fee and tip are both higher by a tenth at least, so that replacing is never free. */
export function outbids(entry: Entry, replaced: Entry): boolean {
  const [a, b] = [feesOf(entry), feesOf(replaced)]
  return a.max * 10n >= b.max * 11n && a.tip * 10n >= b.tip * 11n && a.max > b.max
}

function feesOf({ general }: Entry): { readonly max: bigint; readonly tip: bigint } {
  const transaction = general?.transaction
  if (transaction?.kind !== 'ethereum') return { max: 0n, tip: 0n }
  return { max: transaction.maxFeePerGas, tip: transaction.maxPriorityFeePerGas }
}
