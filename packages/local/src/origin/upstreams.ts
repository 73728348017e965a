import type { Validator } from '../processes/validators.js'

/** A validator that can be asked. */
export type Upstream = { readonly part: string; readonly url: URL }

/** Which validators answer. Clients stay with one as long as it does, so that what they see never goes back. */
export type Upstreams = {
  /** In the order in which they are to be tried. */
  readonly candidates: () => readonly Upstream[]
  /** It did not answer: the next ones are tried before it until it is seen well again. */
  readonly avoid: (upstream: Upstream) => void
  /** Calls `end` when this validator no longer tells its status, unless what is returned was called before. */
  readonly hold: (upstream: Upstream, end: () => void) => () => void
  readonly heightOf: (part: string) => number | null
  readonly close: () => void
}

const pollMs = 1_000
/** Blocks that a validator may be behind the highest one: they do not hear of a new block at the same moment. */
const maxLag = 2
const timeoutMs = 2_000

/** Watches these validators by asking each for its status. */
export function watchUpstreams(parts: readonly Validator[]): Upstreams {
  const heights = new Map<string, number>()
  const avoided = new Set<string>()
  const held = new Map(parts.map(({ name }) => [name, new Set<() => void>()]))
  let current: string | undefined

  const look = async (part: Validator): Promise<void> => {
    const rpc = part.ready()?.rpc
    if (rpc === undefined) return
    try {
      const answer = await fetch(`${rpc}/v1/status`, { signal: AbortSignal.timeout(timeoutMs) })
      const { height, ready } = (await answer.json()) as { height: number; ready: boolean }
      heights.set(part.name, height)
      if (ready && height + maxLag >= Math.max(...heights.values())) avoided.delete(part.name)
      else avoided.add(part.name)
    } catch {
      avoided.add(part.name)
      for (const end of [...held.get(part.name)!]) end()
    }
  }
  let isLooking = false
  const timer = setInterval(() => {
    if (isLooking) return
    isLooking = true
    void Promise.all(parts.map(look)).finally(() => {
      isLooking = false
    })
  }, pollMs)

  /** Lower is better. */
  const rank = ({ part }: Upstream): number => (avoided.has(part) ? 2 : part === current ? 0 : 1)
  return {
    candidates: () => {
      const found = parts.flatMap((part) => {
        const rpc = part.ready()?.rpc
        if (rpc !== undefined) return [{ part: part.name, url: new URL(rpc) }]
        // When it comes back it has to catch up first.
        avoided.add(part.name)
        return []
      })
      found.sort((a, b) => rank(a) - rank(b))
      current = found[0]?.part
      return found
    },
    avoid: ({ part }) => avoided.add(part),
    hold: ({ part }, end) => {
      held.get(part)!.add(end)
      return () => held.get(part)!.delete(end)
    },
    heightOf: (part) => heights.get(part) ?? null,
    close: () => clearInterval(timer),
  }
}
