import { BanyanError, equalBytes } from '@banyan/base'
import type { ChainStore } from '@banyan/node'
import { proveOttosBalance } from './balance-proof.js'
import { folder, openFirstChain } from './chain.js'
import { line, note, short, title } from './print.js'
import { showBalances, tellStory } from './story.js'

function opened({ chain, recovery }: ChainStore): void {
  const { height } = chain.head.header
  if (height === 0) line(`A new chain in ${folder}. Its genesis is ${short(chain.genesisId)}`)
  else {
    const from = recovery.snapshot === undefined ? 'genesis' : `the snapshot at block ${recovery.snapshot}`
    line(
      `The chain in ${folder} goes on at block ${height}: ${recovery.replayed} blocks replayed from ${from}.`,
    )
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
  line(`Opened again in ${milliseconds} ms, ${again.recovery.replayed} blocks replayed.`)
  line(`Block ${again.chain.head.header.height}, state root ${short(again.chain.stateRoot)}`)
  line(isSame ? 'The same block and the same root as before.' : 'This is NOT the state from before.')
  if (!isSame) process.exitCode = 1
  await again.snapshot()
  await again.close()
}

async function run(): Promise<void> {
  title('Banyan, the ledger alone')
  note('One process, one proposer, no network: that comes later. The keys are development keys that anyone')
  note('can compute. Everything else is real: signatures, execution, Merkle roots, and files on this disk.')
  const store = await openFirstChain()
  opened(store)
  await tellStory(store)
  showBalances(store)
  proveOttosBalance(store)
  await proveRecovery(store)
  title('What to try next')
  line('npm start                 the same chain goes on')
  line('npm run bench -- ledger   how fast the ledger is here, beside its limits')
  line('npm test                  what is tested')
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
