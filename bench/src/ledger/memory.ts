import { native } from '@banyan/crypto/native'
import { describeBatch, State } from '@banyan/ledger'
import { createRandom } from '@banyan/testing'
import type { Row } from '../runner/benchmark.js'
import { extendChain } from './durable-run.js'
import { benchChain, randomPeople, unsignedTransfers } from './workload.js'

const tables = [
  { name: 'accounts', what: 'account', keyWords: 5 },
  { name: 'balances', what: 'asset balance', keyWords: 6 },
  { name: 'utxos', what: 'UTXO', keyWords: 8 },
] as const

/** Bytes of memory per row, trees, index and order included, in tables filled with `rows` rows. */
export function memoryRows(rows: number): readonly Row[] {
  return tables.map(({ name, what, keyWords }) => {
    const random = createRandom(8)
    const state = new State({
      provider: native,
      memory: 'shared',
      seeds: new Uint32Array([1, 2]),
      capacity: { accounts: 64, balances: 64, utxos: 64, storage: 64, [name]: rows },
      maxRows: 2 ** 27,
    })
    const key = new Uint32Array(keyWords)
    for (let i = 1; i < rows; i++) {
      for (let k = 0; k < keyWords; k++) key[k] = random.u32()
      state[name].insert(key, 0)
    }
    state.commit()
    return {
      what: `memory per ${what}, ${rows.toLocaleString('en')} rows`,
      unit: 'bytes',
      ours: state.memoryUse()[name] / rows,
      against: { name: 'the row alone', value: state[name].rows.rowBytes },
      better: 'less',
    }
  })
}

/** What a block of 10,000 transfers holds in memory until it is final: batch, ids, receipts and undo images. */
export function blockMemoryRow(): Row {
  const random = createRandom(2)
  const people = randomPeople(random, 100_000)
  const chain = benchChain(people)
  const count = 10_000
  const described = describeBatch(native, chain.domains, unsignedTransfers(chain, people, random, count))
  const block = extendChain(chain, people, described, { final: false })
  const undo = chain.state.undoBytes()
  const held = described.batch.bytes.length + described.ids.byteLength + described.senders.byteLength
  return {
    what: 'memory per transfer of a block that is not final',
    unit: 'bytes',
    ours: (held + block.receipts.length + undo) / count,
    against: { name: 'the transfer alone', value: described.batch.bytes.length / count },
    better: 'less',
  }
}
