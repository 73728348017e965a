import type { Position, TopicFilter } from '@banyan/topics'
import { LogStore } from './log-store.js'
import type { Message } from './message.js'
import type { NameSpace } from './name-spaces.js'
import { type ValueLimits, Values } from './values.js'

/** A piece of history. */
export type HistoryPage = {
  readonly messages: readonly Message[]
  /** Where the next page begins. */
  readonly after: Position
  /** Nothing follows for now. */
  readonly isEnd: boolean
  /** What the reader knows is no beginning of this history: it has to forget all, and gets everything that there is. */
  readonly isReset: boolean
}

/** What is kept of messages: logs and last values, under one sequence of numbers. */
export class History {
  private readonly epoch: string
  private readonly logs = new Map<NameSpace, LogStore>()
  private readonly values: Values
  private last = 0

  /** `epoch` tells this history from every other; letters and digits. */
  constructor(spaces: readonly NameSpace[], limits: ValueLimits, epoch: string) {
    this.epoch = epoch
    this.values = new Values(limits)
    for (const space of spaces) if (space.class === 'log') this.logs.set(space, new LogStore(space.retention))
  }

  /** Where a reader stands that knows everything. */
  end(): Position {
    return { epoch: this.epoch, seq: this.last }
  }

  nextSeq(): number {
    return ++this.last
  }

  hasRoom(message: Pick<Message, 'topic' | 'payload'>): boolean {
    return this.values.hasRoom(message)
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

  /** What came after a position, or from the beginning, of topics that a filter matches: at least `limit` messages, or all. */
  read(
    filter: TopicFilter,
    since: Position | undefined,
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
      this.values.remembers(since.seq) &&
      logs.every((store) => store.reaches(since.seq))
    const after = isKnown ? since.seq : 0
    const pages = logs.map((store) => store.read(filter, after, limit))
    // What a full page of one log leaves out comes before anything later of the others.
    const horizon = Math.min(this.last, ...pages.map((page) => page.at(limit - 1)?.seq ?? this.last))
    const values = this.values
      .changedSince(filter, after, now)
      .filter(({ payload }) => payload.length > 0 || isKnown)
    const bySeq = new Map([...pages.flat(), ...values].map((message) => [message.seq!, message]))
    const messages = Array.from(bySeq.values())
      .filter(({ seq }) => seq! <= horizon)
      .sort((a, b) => a.seq! - b.seq!)
    return {
      messages,
      after: { epoch: this.epoch, seq: horizon },
      isEnd: horizon === this.last,
      isReset: since !== undefined && !isKnown,
    }
  }
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
