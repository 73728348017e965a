/** What a node takes for the time: off by a constant and running fast or slow, but never going back. */
export type NodeClock = {
  /** The node's own time, in whole milliseconds, at a moment of virtual time. */
  readonly local: (time: number) => number
  /** The first moment of virtual time at which the node's own time is at least `local`. */
  readonly moment: (local: number) => number
}

/** `offset` in ms; `rate` in local milliseconds per millisecond, about 1. */
export function createClock(offset: number, rate: number): NodeClock {
  const local = (time: number): number => Math.floor(offset + time * rate)
  return {
    local,
    moment(wanted) {
      let time = Math.floor((wanted - offset) / rate)
      while (local(time) < wanted) time++
      return time
    },
  }
}
