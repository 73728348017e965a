import { BanyanError, banyanError, fail } from '@banyan/base'
import { z } from 'zod'
import type { Central } from '../../central.js'

export type FollowerOptions = {
  readonly central: Central
  /** Address of the writer. */
  readonly writer: string
  /** With the scope `replica`. */
  readonly key: string
  /** The journals differ, or the disk failed: nothing more can be copied. */
  readonly giveUp: (error: unknown) => void
  readonly onState: (state: 'following' | 'waiting', error?: unknown) => void
}

export type Follower = { readonly isFollowing: () => boolean; readonly stop: () => Promise<void> }

const recordsForm = z.array(z.object({ sequence: z.int(), text: z.string(), chain: z.string() }))
const limit = 200
const waitMs = 20_000
const patienceMs = 30_000
const pauseMs = 1_000

/** Copies the journal of the writer, record by record, until it is stopped or this replica is promoted. */
export function follow({ central, writer, key, giveUp, onState }: FollowerOptions): Follower {
  const stopped = new AbortController()
  let isFollowing = false

  const setState = (next: boolean, error?: unknown): void => {
    if (isFollowing !== next) onState(next ? 'following' : 'waiting', error)
    isFollowing = next
  }

  const copy = async (): Promise<void> => {
    const from = central.state.sequence() + 1
    const query = `from=${from}&limit=${limit}&waitMs=${isFollowing ? waitMs : 0}`
    const response = await fetch(new URL(`/v1/journal?${query}`, writer), {
      headers: { authorization: `Bearer ${key}` },
      signal: AbortSignal.any([stopped.signal, AbortSignal.timeout(patienceMs)]),
    })
    if (!response.ok) fail('CentralUnreachable', { milliseconds: patienceMs })
    await central.follow(recordsForm.parse(await response.json()))
    setState(true)
  }

  const run = async (): Promise<void> => {
    while (!stopped.signal.aborted && !central.isWriter()) {
      try {
        await copy()
      } catch (error) {
        if (stopped.signal.aborted || central.isWriter()) return
        if (isFinal(error)) return giveUp(error)
        setState(
          false,
          error instanceof BanyanError
            ? error
            : banyanError('CentralUnreachable', { milliseconds: patienceMs }),
        )
        await new Promise((resolve) => setTimeout(resolve, pauseMs))
      }
    }
  }

  const running = run()
  return {
    isFollowing: () => isFollowing,
    stop: async () => {
      stopped.abort()
      await running
    },
  }
}

function isFinal(error: unknown): boolean {
  return error instanceof BanyanError && error.kind !== 'CentralUnreachable'
}
