import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { resolveBySystem } from '@banyan/addresses'
import { createInputs } from './inputs/inputs.js'
import { handle } from './service/handler.js'
import { createResults } from './service/results.js'
import type { DarkroomSettings } from './service/settings.js'
import { createTransform } from './service/transform.js'
import { startPool } from './worker/pool.js'

export { type Position, type Translation, translate } from './dialect/translate.js'
export { describeOperations } from './operations/index.js'
export type { DarkroomSettings } from './service/settings.js'
export { version } from './version.js'

/** A running service. */
export type Darkroom = {
  readonly url: string
  /** Ends the workers and removes the files. */
  readonly close: () => Promise<void>
}

const usual: DarkroomSettings = {
  port: 0,
  host: '127.0.0.1',
  workers: availableParallelism(),
  queue: 32,
  deadlineMs: 30_000,
  jobsPerWorker: 200,
  maxInputBytes: 100_000_000,
  inputTimeoutMs: 15_000,
  maxPixels: 100_000_000,
  maxPages: 200,
  cacheBytes: 256_000_000,
  allow: [],
  resolve: resolveBySystem,
}

/** Starts the service: an HTTP server and processes that work. It keeps nothing beyond its end. */
export async function startDarkroom(options: Partial<DarkroomSettings> = {}): Promise<Darkroom> {
  const settings = { ...usual, ...options }
  const folder = await mkdtemp(join(tmpdir(), 'darkroom-'))
  const download = {
    allow: settings.allow,
    resolve: settings.resolve,
    maxBytes: settings.maxInputBytes,
    timeoutMs: settings.inputTimeoutMs,
  }
  const inputs = createInputs(folder, settings.cacheBytes, download)
  const pool = startPool({
    size: settings.workers,
    queue: settings.queue,
    deadlineMs: settings.deadlineMs,
    jobsPerProcess: settings.jobsPerWorker,
    folder,
  })
  const limits = { pixels: settings.maxPixels, pages: settings.maxPages }
  const transform = createTransform({
    inputs,
    results: createResults(settings.cacheBytes),
    pool,
    folder,
    limits,
  })
  const parts = { inputs, transform, pool, folder, maxBytes: settings.maxInputBytes, download }
  // Whoever sends slowly loses the connection: headers within 10 s, everything within 2 minutes.
  const server = createServer(
    {
      headersTimeout: 10_000,
      requestTimeout: 120_000,
      maxHeaderSize: 16_384,
      connectionsCheckingInterval: 2_000,
    },
    (request, response) => void handle(request, response, parts),
  )
  server.maxConnections = 1_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(settings.port, settings.host, resolve)
  })
  return {
    url: `http://${settings.host}:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await pool.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
