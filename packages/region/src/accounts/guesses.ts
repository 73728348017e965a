/** Who guesses keys: addresses with many refused credentials are not answered for a while. */
export type Guesses = {
  readonly isBarred: (address: string) => boolean
  readonly refused: (address: string) => void
}

const allowed = 20
const periodMs = 60_000
const maxAddresses = 50_000

export function createGuesses(now: () => number): Guesses {
  const counts = new Map<string, { count: number; until: number }>()
  return {
    isBarred: (address) => {
      const found = counts.get(address)
      if (found === undefined) return false
      if (found.until > now()) return found.count >= allowed
      counts.delete(address)
      return false
    },
    refused: (address) => {
      const found = counts.get(address)
      if (found !== undefined) {
        found.count++
        return
      }
      if (counts.size >= maxAddresses) counts.delete(counts.keys().next().value!)
      counts.set(address, { count: 1, until: now() + periodMs })
    },
  }
}
