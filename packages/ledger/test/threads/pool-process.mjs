// Uses a pool once, and closes it if it is told to. Must end by itself in both cases.
import { createPool } from '@banyan/ledger/threads'

const pool = createPool({
  workers: 2,
  provider: 'native',
  collectionModule: new URL('./probe-collection.mjs', import.meta.url),
  collectionName: 'probeCollection',
})
const bytes = new Uint8Array(8 + 192)
bytes[4] = 1
const domains = { transfer: new Uint8Array(32) }
const refusal = await pool.verify(domains, { kind: 'transfers', count: 1, bytes }).catch(({ kind }) => kind)
console.log(refusal)
if (process.argv[2] === 'close') await pool.close()
