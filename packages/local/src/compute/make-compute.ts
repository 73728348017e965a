import { mkdir, readFile, rm } from 'node:fs/promises'
import { fail } from '@banyan/base'
import type { Release } from '@banyan/dservice'
import { startProgram } from '@banyan/node/child'
import type { Client } from '@banyan/sdk'
import { diskError, writeJson } from '../folder/json-file.js'
import type { StoredNetwork } from '../folder/state-folder.js'
import { type ComputePeople, faucetOf } from '../people.js'
import { openPartLog } from '../processes/log-file.js'
import { untilReady } from '../processes/part.js'
import { programFile, publishProgram } from '../workspace.js'
import { type ComputePaths, computePaths, type Made } from './made.js'
import { type CentralReady, makeAccounts } from './make-accounts.js'
import { giveConsent, writeSecret } from './make-settlement.js'
import type { ComputeParts } from './programs.js'

export type Making = {
  readonly network: StoredNetwork
  readonly client: Client
  readonly people: ComputePeople
  readonly parts: ComputeParts
  readonly tell: (step: string) => void
  readonly signal: AbortSignal
}

/**
 * Makes everything of computing, once for a network; what an earlier attempt left half made is removed. Central runs when it is done.
 * Errors: ComputeUnmade, DiskFull, DiskFailed, and those of sending.
 */
export async function makeCompute({ network, client, people, parts, tell, signal }: Making): Promise<Made> {
  const { layout, seed } = network
  const paths = computePaths(layout)
  await rm(layout.compute, { recursive: true, force: true })
  await mkdir(layout.compute, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw diskError(error, 'make', layout.compute)
  })
  tell('Darkroom is packed and signed, and central gets its folder')
  const log = openPartLog(`${layout.logs}/compute.log`)
  const [central, line] = await Promise.all([
    startCentral(parts, paths, signal),
    runToEnd(publishProgram, [layout.root], log.write, signal),
    giveConsent(client, people, faucetOf(seed), signal),
  ])
  tell('accounts are made, and Darkroom is published')
  const adminKey = (await readFile(paths.adminKey, 'utf8')).trim()
  const made = await makeAccounts(central, adminKey, people, JSON.parse(line) as Release)
  const { account, key } = made.region
  await writeSecret(paths.credentials, `${JSON.stringify({ account, key })}\n`)
  for (const [index, miner] of made.miners.entries())
    await writeSecret(paths.tokens[index]!, `${miner.key}\n`)
  await writeJson(paths.made, made, 0o600)
  return made
}

async function startCentral(
  { central }: ComputeParts,
  paths: ComputePaths,
  signal: AbortSignal,
): Promise<CentralReady> {
  await runToEnd(programFile('central'), ['init', '--folder', paths.central], () => undefined, signal)
  central.start()
  return untilReady(central, signal)
}

/** Runs a program until it ends. Resolves with its last line. Error: ComputeUnmade. */
async function runToEnd(
  file: string,
  words: readonly string[],
  onLine: (line: string) => void,
  signal: AbortSignal,
): Promise<string> {
  let last = ''
  const child = startProgram({
    file,
    words,
    nodeFlags: [],
    readReady: () => undefined,
    onLine: (line) => {
      last = line
      onLine(line)
    },
    environment: {},
    hasOwnGroup: true,
  })
  const end = (): void => child.signal('SIGKILL')
  signal.addEventListener('abort', end)
  try {
    const { code } = await child.exited
    signal.throwIfAborted()
    return code === 0 ? last : fail('ComputeUnmade', { reason: last })
  } finally {
    signal.removeEventListener('abort', end)
  }
}
