import { asAddress } from '@banyan/base'
import { createCollection, defineContract, defineTable, hostCrypto, tables } from '@banyan/ledger'
import * as Abi from 'ox/Abi'

/**
 * A contract for this benchmark alone: it hashes for as long as it is told and writes one row. Two calls conflict exactly
 * if they name the same slot.
 */
export const workAbi = Abi.from(['function work(uint32 rounds, uint32 slot)'])

export const workAddress = asAddress(new Uint8Array(20).fill(0x77))

const slots = defineTable({ id: 1, name: 'slots', key: { slot: 'uint32' }, row: { value: 'uint256' } })

const workContract = defineContract({
  name: 'work',
  summary: 'Spends a given amount of computation.',
  version: 1,
  address: workAddress,
  abi: workAbi,
  tables: [slots],
  methods: {
    work: {
      gas: 0,
      run: (context, { rounds, slot }) => {
        const block = new Uint8Array(1024)
        for (let i = 0; i < rounds; i++) hostCrypto.sha256(context, block)
        const { value } = tables.get(context, slots, { slot })
        tables.set(context, slots, { slot }, { value: value + 1n })
      },
      keys: (context, { slot }) => tables.writeKeys(context, slots, { slot }),
    },
  },
})

export const workCollection = createCollection(1, [workContract])
