// Records the blocks of a file until it is killed, and prints the height of each that is durable.
import { readFileSync } from 'node:fs'
import { deserialize } from 'node:v8'
import { native } from '@banyan/crypto/native'
import { openHistory } from '@banyan/node/history'

const [file, folder] = process.argv.slice(2)
const { genesisId, blocks, accounts, options } = deserialize(readFileSync(file))
/** Batches start on eight-byte boundaries, which they lost in the file. */
const aligned = ({ batches, ...rest }) => ({
  ...rest,
  batches: batches.map(({ batch, ...more }) => ({
    ...more,
    batch: { ...batch, bytes: Uint8Array.from(batch.bytes) },
  })),
})

const index = await openHistory({
  folder,
  provider: native,
  genesisId,
  readBlock: async () => undefined,
  addressOf: (account) => accounts[account],
  onRecorded: ({ header }) => console.log(header.height),
  ...options,
})
for (const block of blocks.slice((index.head() ?? -1) + 1)) await index.record(aligned(block))
await index.close()
