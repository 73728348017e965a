import type { Hash } from '@banyan/base'
import { finalView, type StateView } from '@banyan/ledger'
import type { Disk } from '@banyan/storage'
import { createIntake, type Intake, type IntakeParts } from '../driver/intake.js'
import { Mempool, type MempoolOptions } from '../mempool/mempool.js'
import { openJournal } from '../store/journal.js'

export type WaitingOptions = Omit<IntakeParts, 'mempool' | 'keep'> & {
  /** Folder of the journal, which closes it. */
  readonly disk: Disk
  readonly genesisId: Hash
  readonly mempool: MempoolOptions
}

/** The mempool of a node, with its journal. */
export type Waiting = {
  readonly mempool: Mempool
  readonly submit: Intake['submit']
  readonly close: () => Promise<void>
}

/**
 * Opens the mempool with what waited in it. The chain must stand at its newest final block: what is in a later one,
 * which may be taken back, waits on. Errors: those of `openJournal`.
 */
export async function openMempool(options: WaitingOptions): Promise<Waiting> {
  const { chain, genesisId } = options
  const { provider } = chain()
  let state = chain().state
  let view = finalView(state)
  const finalState = (): StateView => {
    const { state: now } = chain()
    if (now !== state) view = finalView(now)
    state = now
    return view
  }
  const mempool = new Mempool(options.mempool, {
    balanceOf: (account) => finalState().account(account)?.balance ?? 0n,
    nonceOf: (account) => finalState().account(account)?.nonce ?? 0n,
  })
  const journal = await openJournal({
    disk: options.disk,
    provider,
    genesisId,
    held: () => mempool.envelopes(),
  })
  try {
    const { submit, restore } = createIntake({ ...options, mempool, keep: journal.add })
    for await (const envelopes of journal.found()) await restore(envelopes)
    return { mempool, submit, close: journal.close }
  } catch (error) {
    await journal.close()
    throw error
  }
}
