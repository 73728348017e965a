import type { ChainPoint } from './segment.js'

/** Bytes of a segment between two marks, at least. */
const spacing = 2 ** 20

/** Places between records from which reading can start without what comes before; by the first sequence of the segment. */
export class Marks {
  readonly #points = new Map<number, ChainPoint[]>()

  /** Notes a place in front of a record that is durable, unless there is a mark nearby. */
  note(segment: number, point: ChainPoint): void {
    const points = this.#points.get(segment) ?? []
    if (points.length === 0) this.#points.set(segment, points)
    if (point.offset >= (points.at(-1)?.offset ?? 0) + spacing) points.push(point)
  }

  /** The last place noted that is not behind a record; `undefined` if there is none. */
  before(segment: number, sequence: number): ChainPoint | undefined {
    return this.#points.get(segment)?.findLast(({ next }) => next <= sequence)
  }

  /** Forgets all places behind a record that is now the last one. */
  dropAfter(sequence: number): void {
    for (const [segment, points] of this.#points) {
      this.#points.set(
        segment,
        points.filter(({ next }) => next <= sequence),
      )
    }
  }

  forget(segment: number): void {
    this.#points.delete(segment)
  }
}
