import type { Position, TopicFilter } from '@banyan/topics'
import { LogStore } from './log-store.js'
import type { LossCount } from './losses.js'
import type { Message } from './message.js'
import type { NameSpace } from './name-spaces.js'
import { type ValueLimits, Values } from './values.js'

/**
 * Where a reader stands. One that began with everything that was kept, and has not come to the end yet, says how much the
 * history had forgotten `from` its beginning: it does not miss that.
 */
export type HistoryCursor = Position & { readonly from?: number }

/** A piece of history. */
export type HistoryPage = {
  readonly messages: readonly Message[]
  /** Where the next page begins. */
  readonly after: HistoryCursor
  /** Nothing follows for now. */
  readonly isEnd: boolean
  /** What the reader knows is no beginning of this history: it has to forget all, and gets everything that there is. */
  readonly isReset: boolean
}

/** Payloads of one page, bytes. A larger one comes alone. */
const pageBytes = 1 << 22

/** What is kept of messages: logs and last values, under one sequence of numbers. */
export class History {
  private readonly epoch: string
  private readonly logs = new Map<NameSpace, LogStore>()
  private readonly values: Values
  private last = 0
  private readonly lossCount: LossCount = { value: 0 }

  /** `epoch` tells this history from every other; letters and digits. */
  constructor(spaces: readonly NameSpace[], limits: ValueLimits, epoch: string) {
    this.epoch = epoch
    this.values = new Values(limits, this.lossCount)
    for (const space of spaces)
      if (space.class === 'log') this.logs.set(space, new LogStore(space.retention, this.lossCount))
  }

  /** Where a reader stands that knows everything. */
  end(): Position {
    return { epoch: this.epoch, seq: this.last }
  }

  nextSeq(): number {
    return ++this.last
  }

  hasRoom(message: Pick<Message, 'topic' | 'payload'>, now: number): boolean {
    return this.values.hasRoom(message, now)
  }

  append(space: NameSpace, message: Message): void {
    this.logs.get(space)!.append(message)
  }

  keepValue(message: Message): void {
    this.values.put(message)
  }

  retained(filter: TopicFilter, now: number): readonly Message[] {
    return this.values.select(filter, now)
  }

  /** What came after a position, or from the beginning, of topics that a filter matches: `limit` messages, or what is there. */
  read(
    filter: TopicFilter,
    since: HistoryCursor | undefined,
    limit: number,
    now: number,
    time: number,
  ): HistoryPage {
    const logs = [...this.logs].filter(([space]) => mayMeet(space.filter, filter)).map(([, store]) => store)
    for (const store of logs) store.trim(time)
    const isKnown =
      since !== undefined &&
      since.epoch === this.epoch &&
      since.seq <= this.last &&
      [this.values, ...logs].every(({ losses }) => losses.spare(since.seq, since.from))
    const from = isKnown ? since.from : this.lossCount.value
    const after = isKnown ? since.seq : 0
    const pages = logs.map((store) => store.read(filter, after, limit))
    pages.push(this.values.read({ filter, seq: after, limit, now, withRemoved: isKnown }))
    // What a full page leaves out comes before anything later of the others.
    const horizon = Math.min(this.last, ...pages.map((page) => page.at(limit - 1)?.seq ?? this.last))
    const bySeq = new Map(pages.flat().map((message) => [message.seq!, message]))
    const all = Array.from(bySeq.values())
      .filter(({ seq }) => seq! <= horizon)
      .sort((a, b) => a.seq! - b.seq!)
    const messages = all.slice(0, Math.min(limit, countWithin(all, pageBytes)))
    const end = messages.length < all.length ? messages.at(-1)!.seq! : horizon
    return {
      messages,
      after: { ...this.end(), seq: end, ...(end < this.last && from !== undefined && { from }) },
      isEnd: end === this.last,
      isReset: since !== undefined && !isKnown,
    }
  }
}

/** How many messages from the first on have at most `most` bytes together: one in any case. */
function countWithin(messages: readonly Message[], most: number): number {
  let bytes = 0
  const index = messages.findIndex(({ payload }, i) => {
    bytes += payload.length
    return i > 0 && bytes > most
  })
  return index < 0 ? messages.length : index
}

/** Whether some name might match both filters. */
function mayMeet(a: string, b: string): boolean {
  const [left, right] = [a.split('/'), b.split('/')]
  for (let i = 0; ; i++) {
    if (left[i] === '#' || right[i] === '#') return true
    if (left[i] === undefined || right[i] === undefined) return left[i] === right[i]
    if (left[i] !== '+' && right[i] !== '+' && left[i] !== right[i]) return false
  }
}
