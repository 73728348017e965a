import { readFileSync } from 'node:fs'
import { toHex } from '@banyan/base'
import { createSessions } from '@banyan/central-link'
import { native } from '@banyan/crypto/native'
import { urlOf } from '@banyan/http-api/server'
import { answerProbe } from '@banyan/program'
import type { Running } from '@banyan/program/run'
import { type Central, openCentral } from '../../central.js'
import { createAttempts } from '../../check/attempts.js'
import { createCredentials } from '../../check/credentials.js'
import { createStatuses } from '../../select/statuses.js'
import { createApi } from '../api/server.js'
import { openLinks } from '../links.js'
import { createVault, sessionMac } from '../vault.js'
import { openRecords, readReplicaKey, readSecrets, type Secrets } from './folder.js'
import { type Follower, follow } from './follower.js'
import { createMetrics } from './metrics.js'
import { authorityKeys, type RunOptions } from './options.js'

/** Where events of the program go, as pino takes them. */
export type LogWriter = {
  readonly info: (fields: object, message: string) => void
  readonly error: (fields: object, message: string) => void
}

/** Central with its API and its links. */
export type StartedCentral = Running & {
  readonly ready: Readonly<Record<string, unknown>>
  readonly stop: () => Promise<void>
}

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

/**
 * Starts central as its options say. Whatever was opened is closed again if something fails. Errors: those of its files, `openCentral`, and
 * ApiUnreachable.
 */
export async function startCentral(
  options: RunOptions,
  log: LogWriter,
  giveUp: (error: unknown) => void,
): Promise<StartedCentral> {
  const opened: (() => Promise<void> | void)[] = []
  const closeAll = async (): Promise<void> => {
    for (const close of opened.splice(0).reverse()) await close()
  }
  try {
    return await start(options, log, giveUp, opened, closeAll)
  } catch (error) {
    await closeAll()
    throw error
  }
}

async function start(
  options: RunOptions,
  log: LogWriter,
  giveUp: (error: unknown) => void,
  opened: (() => Promise<void> | void)[],
  closeAll: () => Promise<void>,
): Promise<StartedCentral> {
  const now = Date.now
  const secrets = await readSecrets(options.folder)
  const vault = await createVault(secrets.pepper)
  const store = await openRecords(options.folder)
  opened.push(store.close)
  const central = await openCentral({
    store,
    crypto: native,
    vault,
    authorities: authorityKeys(options),
    now,
    writes: options.follow === undefined,
    onFailure: giveUp,
  })
  // It closes its store.
  opened.splice(opened.indexOf(store.close), 1, central.close)
  const attempts = createAttempts()
  const sessions = createSessions(sessionMac(secrets.pepper))
  const credentials = createCredentials({ state: central.state, vault, attempts, sessions, now })
  const statuses = createStatuses()
  const metrics = createMetrics(central, () => links.ready().length)
  const links = openLinks({
    central,
    credentials,
    attempts,
    statuses,
    seed: secrets.seed,
    now,
    onLink: (region, state, error) => log.info({ region, error }, `link ${state}`),
    onAnswer: metrics.answered,
  })
  opened.push(links.close)
  const follower = await startFollower(options, central, log, giveUp)
  if (follower !== undefined) opened.push(follower.stop)
  let draining = false
  const isReady = (): boolean => !draining && (central.isWriter() || follower?.isFollowing() === true)
  const api = createApi({
    scope: {
      central,
      credentials,
      vault,
      select: { state: central.state, statuses, hasher: native },
      now,
      connected: links.ready,
      statusOf: (region) => statuses.current(region, now()),
      onPromoted: links.writerChanged,
    },
    version,
    hosts: options.names,
    mount: (path, response) => answerProbe(path, response, { isReady, metrics }),
    onRefused: metrics.refused,
    onDefect: (error) => log.error({ error }, 'a request met a defect'),
  })
  opened.push(api.close)
  const port = await api.listen(options.port, options.host)
  return {
    ready: {
      api: urlOf(options.host, port),
      ...describe(central, secrets),
      version,
      pid: process.pid,
    },
    drain: async () => {
      draining = true
      await api.close()
    },
    stop: closeAll,
  }
}

async function startFollower(
  { follow: writer, folder }: RunOptions,
  central: Central,
  log: LogWriter,
  giveUp: (error: unknown) => void,
): Promise<Follower | undefined> {
  if (writer === undefined) return undefined
  const onState = (state: string, error?: unknown): void => log.info({ error }, state)
  return follow({ central, writer, key: await readReplicaKey(folder), giveUp, onState })
}

function describe(central: Central, { seed }: Secrets) {
  return {
    writer: central.isWriter(),
    sequence: central.state.sequence(),
    /** What regions are configured with. */
    publicKey: toHex(native.ed25519.publicKey(seed)),
  }
}
