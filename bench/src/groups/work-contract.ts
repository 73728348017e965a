import { asAddress } from '@banyan/base'
import { createCollection, defineContract, defineTable, tables } from '@banyan/ledger'
import * as Abi from 'ox/Abi'

/**
 * A contract for this benchmark alone: it computes for as long as it is told (a thousand steps per round) and writes one row. Two calls conflict exactly
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
        let mixed = slot
        for (let i = 0; i < rounds * 1_000; i++) mixed = (Math.imul(mixed, 1_664_525) + 1_013_904_223) | 0
        const { value } = tables.get(context, slots, { slot })
        tables.set(context, slots, { slot }, { value: value ^ BigInt(mixed >>> 0) })
      },
      keys: (context, { slot }) => tables.writeKeys(context, slots, { slot }),
    },
  },
})

export const workCollection = createCollection(1, [workContract])
