import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { resolveBySystem } from '@banyan/addresses'
import type { AllowList } from './inputs/addresses.js'
import { createInputs } from './inputs/inputs.js'
import { samplePath, samplePrefix } from './service/samples.js'
import { findScript } from './service/scripts.js'
import { startPool } from './worker/pool.js'

/** A request whose result somebody claims to have. */
export type ClaimedRequest = {
  /** A built-in name or an address. */
  readonly script: string
  readonly args?: string
  readonly parameters?: Readonly<Record<string, string>>
  /** The format that the result has where the script leaves it to the client. */
  readonly bestFormat?: 'avif' | 'webp' | 'jpeg'
}

export type Verdict = {
  readonly same: boolean
  /** What was compared, or what differs. */
  readonly reason: string
}

export type Verifier = {
  /**
   * Checks a claimed result without making all of it: one tile that `seed` chooses is drawn and compared. Results that
   * are not pictures are made again and compared byte for byte. Errors: those of the script and its inputs.
   */
  readonly verify: (request: ClaimedRequest, claimed: Uint8Array, seed: number) => Promise<Verdict>
  readonly close: () => Promise<void>
}

/** Starts a verifier for results of this version. `allow` names hosts of a local network that inputs may be at. */
export async function startVerifier(options: { readonly allow?: AllowList } = {}): Promise<Verifier> {
  const folder = await mkdtemp(join(tmpdir(), 'darkroom-verify-'))
  const inputs = createInputs(folder, 256_000_000, {
    allow: options.allow ?? [],
    resolve: resolveBySystem,
    maxBytes: 100_000_000,
    timeoutMs: 15_000,
  })
  const pool = startPool({
    size: availableParallelism(),
    queue: 32,
    deadlineMs: 30_000,
    jobsPerProcess: 200,
    folder,
  })
  const fetch = async (name: string) =>
    name.startsWith(samplePrefix) ? samplePath(name) : (await inputs.get(name)).path

  const verify: Verifier['verify'] = async (request, claimed, seed) => {
    const script = await findScript(request.script, inputs)
    const own = join(folder, `result-${randomUUID()}`)
    const file = `${own}-claimed`
    await writeFile(file, claimed)
    const { args, parameters = {}, bestFormat = 'jpeg' } = request
    const order = {
      script,
      call: { args, parameters, hasBody: false, bestFormat },
      limits: { pixels: 100_000_000, pages: 200 },
      result: own,
      probe: { claimed: file, seed },
    }
    try {
      const { probe } = await pool.run(order, fetch)
      if (probe !== undefined) return probe
      const same = (await readFile(own)).equals(claimed)
      return { same, reason: same ? 'all bytes are equal' : 'the bytes differ' }
    } finally {
      await Promise.all([own, file].map((path) => rm(path, { force: true })))
    }
  }

  return {
    verify,
    close: async () => {
      await pool.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
