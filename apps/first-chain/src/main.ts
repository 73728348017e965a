import { BanyanError, equalBytes } from '@banyan/base'
import type { ChainStore } from '@banyan/node'
import { proveOttosBalance } from './balance-proof.js'
import { folder, openFirstChain } from './chain.js'
import { line, note, short, title } from './print.js'
import { showBalances, tellStory } from './story.js'

const blocks = (count: number): string => `${count} block${count === 1 ? '' : 's'}`

function opened({ chain, recovery }: ChainStore): void {
  const { height } = chain.head.header
  if (height === 0) line(`A new chain in ${folder}. Its genesis is ${short(chain.genesisId)}`)
  else {
    const from = recovery.snapshot === undefined ? 'genesis' : `the snapshot at block ${recovery.snapshot}`
    line(`The chain in ${folder} goes on at block ${height}:`)
    line(`${blocks(recovery.replayed)} replayed from ${from}.`)
  }
  if (recovery.cut !== undefined) line(`An interrupted write was removed: ${recovery.cut.bytes} bytes.`)
  for (const { height: at, reason } of recovery.refused)
    line(`Snapshot ${at} was passed over: ${reason.message}`)
}

/** Closes the chain, opens it again from the disk, and compares. */
async function proveRecovery(store: ChainStore): Promise<void> {
  title('From the disk alone')
  const { head, stateRoot } = store.chain
  await store.close()
  const started = performance.now()
  const again = await openFirstChain()
  const milliseconds = (performance.now() - started).toFixed(0)
  const isSame = equalBytes(again.chain.head.id, head.id) && equalBytes(again.chain.stateRoot, stateRoot)
  line(`Opened again in ${milliseconds} ms, ${blocks(again.recovery.replayed)} replayed.`)
  line(`Block ${again.chain.head.header.height}, state root ${short(again.chain.stateRoot)}`)
  line(isSame ? 'The same block and the same root as before.' : 'This is NOT the state from before.')
  if (!isSame) process.exitCode = 1
  await again.snapshot()
  await again.close()
}

async function run(): Promise<void> {
  title('Banyan, the ledger alone')
  note('One process, one proposer, no network: that comes later. The keys are')
  note('development keys that anyone can compute. Everything else is real:')
  note('signatures, execution, Merkle roots, and files on this disk.')
  const store = await openFirstChain()
  opened(store)
  await tellStory(store)
  showBalances(store)
  proveOttosBalance(store)
  await proveRecovery(store)
  title('What to try next')
  line('npm start                 the chain goes on; delete .banyan to begin anew')
  line('npm run bench -- ledger   how fast it is on this machine, beside peers')
  line('npm test                  every test that a plain run has, in a few minutes')
  line('docs/ledger.md            what the ledger does, and why it is built this way')
  line('docs/formats.md           every byte')
  line('docs/node.md              what is durable when, and what recovery does')
}

try {
  await run()
} catch (error) {
  if (!(error instanceof BanyanError)) throw error
  console.error(`\n${error.code}: ${error.message}\n${error.fix} (${error.docs})`)
  process.exitCode = 1
}
