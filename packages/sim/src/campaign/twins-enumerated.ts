import { createRandom } from '@banyan/testing'
import type { Outcome, ScenarioOptions } from './outcome.js'
import { runTwinsScenario, type TwinsRound } from './twins.js'

/** Four members of which the first runs twice: participants 0 and 4. */
const members = 4
const participants = 5
const mostParts = 3

/** All ways to split the participants into at most three parts, parts numbered in the order of first appearance. */
function allPartitions(): number[][] {
  let out: number[][] = [[]]
  for (let participant = 0; participant < participants; participant++) {
    out = out.flatMap((parts) => {
      const next = Math.min(Math.max(-1, ...parts) + 2, mostParts)
      return Array.from({ length: next }, (_, part) => [...parts, part])
    })
  }
  return out
}

function normalize(parts: readonly number[]): string {
  const names = new Map<number, number>()
  return parts
    .map((part) => {
      if (!names.has(part)) names.set(part, names.size)
      return names.get(part)
    })
    .join('')
}

/** Swapping the twins, and the honest members among themselves, changes nothing: participant -> participant. */
const symmetries: readonly (readonly number[])[] = [
  [1, 2, 3],
  [1, 3, 2],
  [2, 1, 3],
  [2, 3, 1],
  [3, 1, 2],
  [3, 2, 1],
].flatMap((honest) => [
  [0, ...honest, 4],
  [4, ...honest, 0],
])

const partitions = allPartitions()
const rounds: readonly TwinsRound[] = Array.from({ length: members }, (_, leader) =>
  partitions.map((parts) => ({ leader, parts })),
).flat()

/** For every symmetry: number of a round -> number of its image. */
const images: readonly Int32Array[] = symmetries.map((moved) => {
  const numbers = new Map(
    rounds.map(({ leader, parts }, number) => [`${leader}/${normalize(parts)}`, number]),
  )
  return Int32Array.from(rounds, ({ leader, parts }) => {
    const image = Array<number>(participants).fill(0)
    for (const [from, to] of moved.entries()) image[to] = parts[from]!
    const member = moved[leader]! % members
    return numbers.get(`${member}/${normalize(image)}`)!
  })
})

/** Whether a sequence of rounds is the first, in the order of numbers, of all that are the same but for symmetry. */
function isCanonical(sequence: readonly number[]): boolean {
  for (const image of images) {
    for (const number of sequence) {
      if (image[number]! > number) break
      if (image[number]! < number) return false
    }
  }
  return true
}

function* sequences(length: number): Generator<readonly number[]> {
  const digits = Array<number>(length).fill(0)
  for (;;) {
    if (isCanonical(digits)) yield [...digits]
    let at = length - 1
    while (at >= 0 && digits[at] === rounds.length - 1) digits[at--] = 0
    if (at < 0) return
    digits[at]!++
  }
}

/** Scenarios of two views first, then those of three; grown as far as they are asked for. */
const found: (readonly number[])[] = []
const source = (function* () {
  yield* sequences(2)
  yield* sequences(3)
})()

/** Number of scenarios of two views; with those of three there are many more. */
export const twoViewScenarios = 2_853

/** Every scenario of four members with one twin and few views, one per seed; past the last there is nothing to run. */
export function runEnumeratedTwins(seed: number, { print }: ScenarioOptions): Outcome {
  while (found.length <= seed) {
    const { value, done } = source.next()
    if (done === true) throw new RangeError(`there are only ${found.length} scenarios, numbered from 0`)
    found.push(value)
  }
  const scenario = { members, twins: 1, rounds: found[seed]!.map((number) => rounds[number]!) }
  return runTwinsScenario(scenario, createRandom(seed), print)
}
