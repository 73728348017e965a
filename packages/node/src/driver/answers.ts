import type { EngineEffect } from '../engine/events.js'
import { offerParts, rangeParts } from '../engine/requests.js'
import type { ChainStore } from '../store/store.js'

/** What answers a peer's request: parts that are here, or that come from the disk. */
type Parts = AsyncIterable<Uint8Array> | readonly Uint8Array[] | undefined

type AnswerEffect = Extract<
  EngineEffect,
  { kind: 'respond' | 'respondRange' | 'respondOffer' | 'respondSnapshot' }
>

/** Requests of peers that wait for the engine's answer. */
export type Answers = {
  /** A new token, and the parts of the answer that is given to it. An aborted request yields nothing. */
  readonly open: (signal: AbortSignal) => {
    readonly token: number
    readonly parts: AsyncIterable<Uint8Array>
  }
  readonly give: (effect: AnswerEffect) => void
  /** Answers all that wait with nothing. */
  readonly close: () => void
}

/** The blocks that go with the offer of a snapshot: the one after it suffices. */
const offerRange = { maxBlocks: 1, maxBytes: 2 ** 20 }

export function createAnswers(store: ChainStore): Answers {
  const waiting = new Map<number, (parts: Parts) => void>()
  let tokens = 0

  const resolve = (token: number, parts: Parts): void => {
    waiting.get(token)?.(parts)
    waiting.delete(token)
  }

  const open: Answers['open'] = (signal) => {
    const token = ++tokens
    const found = new Promise<Parts>((settle) => {
      waiting.set(token, settle)
    })
    signal.addEventListener('abort', () => resolve(token, undefined), { once: true })
    return { token, parts: partsOf(found) }
  }

  const give = (effect: AnswerEffect): void => {
    // What cannot be read is not answered: the peer asks another one.
    partsFor(store, effect).then(
      (parts) => resolve(effect.token, parts),
      () => resolve(effect.token, undefined),
    )
  }

  const close = (): void => {
    for (const token of [...waiting.keys()]) resolve(token, undefined)
  }

  return { open, give, close }
}

async function* partsOf(found: Promise<Parts>): AsyncIterable<Uint8Array> {
  const parts = await found
  if (parts !== undefined) yield* parts
}

async function partsFor(store: ChainStore, effect: AnswerEffect): Promise<Parts> {
  switch (effect.kind) {
    case 'respond':
      return effect.parts
    case 'respondSnapshot':
      return store.readSnapshot(effect.height)
    case 'respondRange': {
      const range = await store.readRange(effect.from, effect)
      return range && rangeParts(range)
    }
    case 'respondOffer': {
      const height = (await store.snapshots()).at(-1)
      const range = height === undefined ? undefined : await store.readRange(height + 1, offerRange)
      return range && offerParts(height!, range)
    }
  }
}
