import { createPool, type Pool } from '@banyan/ledger/threads'

/** Worker threads with native cryptography and the genesis contracts. */
export function startPool(workers: number): Pool {
  return createPool({
    workers,
    provider: 'native',
    collectionModule: new URL(import.meta.resolve('@banyan/contracts')),
    collectionName: 'genesisCollection',
  })
}
