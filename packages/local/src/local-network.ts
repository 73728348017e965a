import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { BanyanError } from '@banyan/base'
import { createClient } from '@banyan/sdk'
import { startActivity } from './activity.js'
import { type ComputeState, createCompute } from './compute/compute.js'
import { lockLocal } from './folder/lock.js'
import { endOrphans, removeRun, writeRun } from './folder/run-file.js'
import { copyNetwork } from './folder/snapshots.js'
import { makeRoot, openStored } from './folder/state-folder.js'
import type { LocalStatus } from './origin/local-api.js'
import { createOrigin } from './origin/origin.js'
import { faucetOf, type Person, peopleOf, servicesOf, sponsorOf } from './people.js'
import type { PartEvent } from './processes/part.js'
import { createSupervisor, type Supervisor } from './processes/supervisor.js'
import { openLocalSponsor } from './sponsor.js'
import { consoleFolder, docsFolder, samplesFolder } from './workspace.js'

export type StartOptions = {
  /** Where the network lives; made if it does not exist. */
  readonly folder: string
  /** Port of the origin; the next free one if it is taken. */
  readonly port: number
  /** A new network in a folder of its own, which is removed at the end. */
  readonly isEphemeral: boolean
  /** A network that is made now gets one validator instead of four. */
  readonly isLite?: boolean
  /** Whether central, a region and miners run beside the chain. */
  readonly hasCompute?: boolean
  /** Whether its people pay each other now and then. */
  readonly hasActivity: boolean
  readonly onEvent: (event: StartEvent) => void
  /** Aborted: the start is given up, for this reason. */
  readonly signal: AbortSignal
}

/** What a start tells on its way. */
export type StartEvent =
  | PartEvent
  | { readonly kind: 'making' }
  | { readonly kind: 'made'; readonly chainId: number; readonly milliseconds: number }
  /** It was made before, with more validators than were asked for now. */
  | { readonly kind: 'notLite'; readonly validators: number }
  | { readonly kind: 'repaired'; readonly orphans: number }
  | { readonly kind: 'portTaken'; readonly port: number; readonly holder: string }
  /** Its people do nothing any more, because of a defect. */
  | { readonly kind: 'atRest'; readonly reason: string }
  /** Computing has come as far as this. */
  | { readonly kind: 'compute'; readonly state: ComputeState }
  /** Before the start is given up: what that part printed last. */
  | { readonly kind: 'lastLines'; readonly part: string; readonly lines: readonly string[] }

/** A network that runs. */
export type LocalNetwork = {
  readonly origin: string
  readonly chainId: number
  readonly isNew: boolean
  readonly people: readonly Person[]
  readonly supervisor: Supervisor
  readonly status: () => Promise<LocalStatus>
  /**
   * Keeps a copy of the network, for which its validators stop for a moment. Errors: NameUnfit, SnapshotTaken, DiskFull,
   * DiskFailed, and those of starting again.
   */
  readonly saveSnapshot: (name: string) => Promise<void>
  /** Ends everything. */
  readonly stop: () => Promise<void>
}

const lastLines = 20

/**
 * Starts the network of a folder with its origin, and makes it first if there is none. Rejects with LocalRunning,
 * StateDamaged, PartFailed, PartSlow, PortsTaken, DiskFull or DiskFailed, and nothing runs then.
 */
export async function startLocal(options: StartOptions): Promise<LocalNetwork> {
  const folder = options.isEphemeral ? await mkdtemp(join(tmpdir(), 'banyan-')) : resolve(options.folder)
  const opened: (() => Promise<void>)[] = []
  if (options.isEphemeral) opened.push(() => rm(folder, { recursive: true, force: true }))
  try {
    return await start(folder, options, opened)
  } catch (error) {
    // What led to it tells more than what follows from it.
    await closeAll(opened).catch(() => undefined)
    throw error
  }
}

/** Closes all, newest first, whatever fails on the way. Rejects with the first failure. */
async function closeAll(opened: (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = []
  for (const close of opened.splice(0).reverse()) {
    await close().catch((error: unknown) => failures.push(error))
  }
  if (failures.length > 0) throw failures[0]
}

async function start(
  folder: string,
  { port, isEphemeral, isLite = false, hasCompute = false, hasActivity, onEvent, signal }: StartOptions,
  opened: (() => Promise<void>)[],
): Promise<LocalNetwork> {
  const layout = await makeRoot(folder)
  opened.push(await lockLocal(layout))
  const orphans = await endOrphans(layout)
  if (orphans > 0) onEvent({ kind: 'repaired', orphans })
  const begun = Date.now()
  const network = await openStored(layout, isLite ? 1 : 4, () => onEvent({ kind: 'making' }))
  const { chainId, seed, isNew } = network
  if (isNew) onEvent({ kind: 'made', chainId, milliseconds: Date.now() - begun })
  else if (isLite && network.validators > 1) onEvent({ kind: 'notLite', validators: network.validators })

  signal.throwIfAborted()
  const supervisor = await createSupervisor(network, hasCompute)
  const unwatch = supervisor.watch(onEvent)
  opened.push(async () => unwatch())
  const people = peopleOf(seed)
  const faucet = faucetOf(seed)
  const origin = createOrigin(
    {
      chainId,
      folder,
      isEphemeral,
      people,
      faucet,
      services: servicesOf(seed),
      consoleFolder,
      docsFolder,
      samplesFolder,
    },
    supervisor,
  )
  opened.push(origin.close)
  const listening = await origin.listen(port)
  if (listening.takenBy !== undefined) onEvent({ kind: 'portTaken', port, holder: listening.takenBy })
  const url = `http://localhost:${listening.port}`
  const since = new Date().toISOString()

  let noted: Promise<void> = Promise.resolve()
  const note = (): Promise<void> => {
    noted = noted.then(writeNote, writeNote)
    return noted
  }
  const writeNote = async (): Promise<void> => {
    const parts = supervisor.parts.flatMap((part) => {
      const pid = part.pid()
      return pid === undefined ? [] : [{ name: part.name, pid }]
    })
    await writeRun(layout, { origin: url, port: listening.port, chainId, since }, parts)
  }
  opened.push(async () => {
    await noted.catch(() => undefined)
    await removeRun(layout)
  }, supervisor.stop)
  const unnote = supervisor.watch((event) => {
    // A run file that cannot be written now is written at the next change.
    if (event.kind === 'state' && event.state !== 'stopping') void note().catch(() => undefined)
  })
  opened.push(async () => unnote())
  await supervisor.start(signal).catch((error: unknown) => {
    tellLastLines(error, supervisor, onEvent)
    throw error
  })
  await note()
  const client = createClient({ url })
  const compute = createCompute({
    network,
    supervisor,
    client,
    origin: url,
    onState: (state) => onEvent({ kind: 'compute', state }),
  })
  origin.mountCompute(compute)
  opened.push(async () => compute.giveUp())
  const sponsor = await openLocalSponsor(client, layout, sponsorOf(seed))
  opened.push(sponsor.close)
  origin.mountSponsor(sponsor)
  const onDefect = (error: unknown): void => onEvent({ kind: 'atRest', reason: String(error) })
  if (hasActivity) opened.push(startActivity(client, people, Math.random, onDefect).stop)
  let copying: Promise<void> = Promise.resolve()
  const saveStopped = async (name: string): Promise<void> => {
    compute.giveUp()
    await supervisor.stop()
    try {
      await copyNetwork(layout, name)
    } finally {
      if (!signal.aborted) await supervisor.start(signal)
      if (!signal.aborted) compute.start()
    }
  }
  compute.start()
  return {
    origin: url,
    chainId,
    isNew,
    people,
    supervisor,
    status: origin.local.status,
    saveSnapshot: (name) => {
      copying = saveStopped(name)
      return copying
    },
    stop: async () => {
      await copying.catch(() => undefined)
      await closeAll(opened)
    },
  }
}

function tellLastLines(error: unknown, { parts }: Supervisor, onEvent: StartOptions['onEvent']): void {
  if (!(error instanceof BanyanError)) return
  const part = parts.find(({ name }) => name === error.details['part'])
  if (part !== undefined) onEvent({ kind: 'lastLines', part: part.name, lines: part.lines(lastLines) })
}
