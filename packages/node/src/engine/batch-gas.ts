import {
  type DescribedBatch,
  type GasVector,
  type GeneralEntry,
  gas,
  packageItemLength,
} from '@banyan/ledger'

const transferBytes = 193

/**
 * Gas that a batch may use at most, but for the state rows of transfers and packages, which depend on the state: what
 * does not fit a block is left out of it and comes back.
 */
export function batchGas({ batch, entries }: DescribedBatch): GasVector {
  if (batch.kind === 'transfers') {
    return { compute: batch.count * gas.transfer, bytes: batch.count * transferBytes * gas.perByte, state: 0 }
  }
  const sum = { compute: 0, bytes: 0, state: 0 }
  for (const entry of entries) {
    const { compute, bytes, state } = entryGas(entry)
    sum.compute += compute
    sum.bytes += bytes
    sum.state += state
  }
  return sum
}

/** The same for one transaction of a general batch. */
export function entryGas({ transaction, envelope }: GeneralEntry): GasVector {
  const bytes = envelope.length * gas.perByte
  if (transaction.kind === 'package') {
    const items = transaction.items.length / packageItemLength
    return { compute: gas.package + items * gas.packageItem, bytes, state: 0 }
  }
  const limit = Number(transaction.kind === 'native' ? transaction.body.gasLimit : transaction.gasLimit)
  return { compute: limit, bytes, state: limit }
}

export function addGas(a: GasVector, b: GasVector): GasVector {
  return { compute: a.compute + b.compute, bytes: a.bytes + b.bytes, state: a.state + b.state }
}

export function fitsGas(used: GasVector, limit: GasVector): boolean {
  return used.compute <= limit.compute && used.bytes <= limit.bytes && used.state <= limit.state
}
