import { banyanError } from '@banyan/base'
import type { Explained } from '@banyan/program'
import type { Part, PartEvent } from './part.js'

/** Parts that work but do not answer, as a process does that was stopped, or is busy without end. */
export type Silence = {
  /** Begins to ask them. */
  readonly start: () => void
  readonly stop: () => void
  /** What is told of a part that is silent; nothing of one that answers. */
  readonly problemOf: (part: Part) => Explained | undefined
}

const pollMs = 1_000
const timeoutMs = 2_000
/** A busy machine may miss one. */
const missesAllowed = 1

type Missed = { readonly pid: number; readonly since: number; readonly count: number }

/** Asks each part that is ready, again and again, whether it lives. Any answer will do. */
export function createSilence(parts: readonly Part[], onEvent: (event: PartEvent) => void): Silence {
  const missed = new Map<string, Missed>()
  let timer: NodeJS.Timeout | undefined

  const problemOf = ({ name, pid }: Part): Explained | undefined => {
    const found = missed.get(name)
    if (found === undefined || found.count <= missesAllowed || found.pid !== pid()) return undefined
    const seconds = Math.round((Date.now() - found.since) / 1_000)
    const { code, message, fix } = banyanError('PartHangs', { part: name, seconds, pid: found.pid })
    return { code, message, fix }
  }

  const note = (part: Part, pid: number, began: number, answers: boolean): void => {
    const hung = problemOf(part) !== undefined
    const before = missed.get(part.name)
    const isSame = before?.pid === pid
    if (answers) missed.delete(part.name)
    else
      missed.set(part.name, {
        pid,
        since: isSame ? before.since : began,
        count: isSame ? before.count + 1 : 1,
      })
    const problem = problemOf(part)
    if (!hung && problem !== undefined) onEvent({ kind: 'hangs', part: part.name, problem })
    if (hung && answers) onEvent({ kind: 'answers', part: part.name })
  }

  const ask = async (part: Part): Promise<void> => {
    const pid = part.pid()
    const port = part.httpPort()
    if (pid === undefined || port === undefined) return
    const began = Date.now()
    const answers = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(timeoutMs) })
      .then((response) => response.arrayBuffer())
      .then(
        () => true,
        () => false,
      )
    // It may have ended, or been asked to, in between.
    if (timer !== undefined && part.pid() === pid && part.state() === 'ready') note(part, pid, began, answers)
  }

  const round = async (): Promise<void> => {
    const own = timer
    await Promise.all(parts.map(ask))
    if (timer === own && own !== undefined) timer = setTimeout(() => void round(), pollMs)
  }

  return {
    start: () => {
      clearTimeout(timer)
      timer = setTimeout(() => void round(), pollMs)
    },
    stop: () => {
      clearTimeout(timer)
      timer = undefined
      missed.clear()
    },
    problemOf,
  }
}
