import { readdirSync, readFileSync } from 'node:fs'
import { constants } from 'node:os'
import type { Usage } from '../isolation.js'

/** Reads what a process and all below it use, from /proc (proc(5)). */

type Row = { readonly id: number; readonly parent: number; readonly cpuMs: number; readonly bytes: number }

/** Clock ticks and pages as Linux counts them on all machines that are supported. */
const tickMs = 10
const pageBytes = 4_096

function readRow(id: number): Row | undefined {
  try {
    const text = readFileSync(`/proc/${id}/stat`, 'utf8')
    // The name, in brackets, may hold anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const number = (place: number): number => Number(fields[place])
    // utime, stime and those of children that were waited for.
    const ticks = number(11) + number(12) + number(13) + number(14)
    return { id, parent: number(1), cpuMs: ticks * tickMs, bytes: number(21) * pageBytes }
  } catch {
    return undefined
  }
}

/** A process and its descendants, parents first. */
export function processTree(root: number): readonly Row[] {
  const rows = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readRow(Number(name)) ?? [])
  const found = rows.filter(({ id }) => id === root)
  for (let i = 0; i < found.length; i++) found.push(...rows.filter(({ parent }) => parent === found[i]!.id))
  return found
}

/** Ends all processes of a tree. */
export function killTree(root: number): void {
  for (const { id } of processTree(root)) {
    try {
      process.kill(id, constants.signals.SIGKILL)
    } catch {
      // It has ended meanwhile.
    }
  }
}

const interval = 100

/** Watches a tree: keeps its peak, and calls back once it holds more than `limit` bytes. */
export function watchTree(
  root: number,
  limit: number,
  onExceeded: () => void,
): { readonly usage: () => Usage; readonly resetPeak: () => void; readonly close: () => void } {
  let peakBytes = 0
  let cpuMs = 0
  const look = (): void => {
    const rows = processTree(root)
    const bytes = rows.reduce((sum, row) => sum + row.bytes, 0)
    peakBytes = Math.max(peakBytes, bytes)
    cpuMs = Math.max(
      cpuMs,
      rows.reduce((sum, row) => sum + row.cpuMs, 0),
    )
    if (bytes > limit) onExceeded()
  }
  const timer = setInterval(look, interval)
  timer.unref()
  return {
    usage: () => {
      look()
      return { cpuMs, peakBytes }
    },
    resetPeak: () => {
      peakBytes = 0
    },
    close: () => clearInterval(timer),
  }
}
