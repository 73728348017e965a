import { rm } from 'node:fs/promises'
import { z } from 'zod'
import { isAlive, startOf } from '../processes/process-table.js'
import { readJsonIfAny, writeJson } from './json-file.js'
import type { Layout } from './layout.js'

/** A process, told apart from a later one with the same id. */
const processForm = z.strictObject({ pid: z.int().min(1), start: z.string() })

const runForm = z.strictObject({
  version: z.literal(1),
  ...processForm.shape,
  /** Where everything is served. */
  origin: z.string(),
  port: z.int(),
  chainId: z.int(),
  since: z.string(),
  parts: z.array(processForm.extend({ name: z.string() })),
})

/** What runs, for other commands, and for the next start after a crash. */
export type Run = z.output<typeof runForm>

export async function writeRun(
  layout: Layout,
  run: Omit<Run, 'version' | 'pid' | 'start' | 'parts'>,
  parts: readonly { readonly name: string; readonly pid: number }[],
): Promise<void> {
  const named = parts.map(async ({ name, pid }) => ({ name, pid, start: await startOf(pid) }))
  const own = { pid: process.pid, start: await startOf(process.pid) }
  await writeJson(layout.run, { version: 1, ...own, ...run, parts: await Promise.all(named) } satisfies Run)
}

export async function removeRun(layout: Layout): Promise<void> {
  await rm(layout.run, { force: true })
}

/** What runs from this folder now; nothing if the file is of a supervisor that is gone. */
export async function readRun(layout: Layout): Promise<Run | undefined> {
  const run = await readJsonIfAny(layout.run, runForm)
  return run !== undefined && (await isAlive(run.pid, run.start)) ? run : undefined
}

const pollMs = 50
const orphanMs = 3_000

/**
 * Waits until the children of a supervisor that was killed have ended, as they do by themselves, and ends those that have
 * not. Returns how many were found alive.
 */
export async function endOrphans(layout: Layout): Promise<number> {
  const run = await readJsonIfAny(layout.run, runForm)
  const end = Date.now() + orphanMs
  let found: number | undefined
  for (;;) {
    const alive: number[] = []
    for (const { pid, start } of run?.parts ?? []) if (await isAlive(pid, start)) alive.push(pid)
    found ??= alive.length
    if (alive.length === 0) break
    if (Date.now() > end) for (const pid of alive) process.kill(pid, 'SIGKILL')
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
  await removeRun(layout)
  return found
}
