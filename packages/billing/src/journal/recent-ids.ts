/** Ids of charges that were added lately, by the day in them: what tells a charge that comes twice. */

const dayMs = 86_400_000
const wordsPerId = 4
/** Days before today and after it whose ids are taken. */
const daysBefore = 2
const daysAfter = 1

export type RecentIds = {
  /** Whether an id of this time can be told from a repeated one. */
  readonly isInTime: (id: Uint8Array) => boolean
  /** Adds an id of 16 bytes; `false` if it is there. */
  readonly add: (id: Uint8Array) => boolean
}

/** Milliseconds since the Unix epoch, which the first six bytes of an id count, as in UUID version 7. */
export function timeOfId(id: Uint8Array): number {
  let time = 0
  for (let i = 0; i < 6; i++) time = time * 256 + id[i]!
  return time
}

export function createRecentIds(now: () => number): RecentIds {
  const days = new Map<number, IdTable>()
  const dayOf = (time: number): number => Math.floor(time / dayMs)

  const tableOf = (day: number): IdTable => {
    const found = days.get(day)
    if (found !== undefined) return found
    const oldest = dayOf(now()) - daysBefore
    for (const old of days.keys()) if (old < oldest) days.delete(old)
    const made: IdTable = { words: new Uint32Array(2 ** 12 * wordsPerId), count: 0 }
    days.set(day, made)
    return made
  }

  return {
    isInTime: (id) => {
      const day = dayOf(timeOfId(id))
      const today = dayOf(now())
      return day >= today - daysBefore && day <= today + daysAfter
    },
    add: (id) => insert(tableOf(dayOf(timeOfId(id))), id),
  }
}

/** Open addressing over flat memory: a million ids take 32 to 64 MB. */
type IdTable = { words: Uint32Array; count: number }

function insert(table: IdTable, id: Uint8Array): boolean {
  const view = new DataView(id.buffer, id.byteOffset, 16)
  const words = [0, 4, 8, 12].map((at) => view.getUint32(at, true)) as [number, number, number, number]
  if (!place(table.words, words)) return false
  table.count++
  if (table.count * 2 * wordsPerId > table.words.length) grow(table)
  return true
}

/** Puts an id into its slot; `false` if it is there. An id of zeros, which no time has, marks a free slot. */
function place(slots: Uint32Array, [a, b, c, d]: readonly [number, number, number, number]): boolean {
  const mask = slots.length / wordsPerId - 1
  let slot = (Math.imul(c ^ Math.imul(d, 0x9e37_79b1), 0x85eb_ca6b) ^ a ^ b) & mask
  for (;;) {
    const at = slot * wordsPerId
    if ((slots[at]! | slots[at + 1]! | slots[at + 2]! | slots[at + 3]!) === 0) {
      slots.set([a, b, c, d], at)
      return true
    }
    if (slots[at] === a && slots[at + 1] === b && slots[at + 2] === c && slots[at + 3] === d) return false
    slot = (slot + 1) & mask
  }
}

function grow(table: IdTable): void {
  const larger = new Uint32Array(table.words.length * 2)
  const { words } = table
  for (let at = 0; at < words.length; at += wordsPerId) {
    const id = [words[at]!, words[at + 1]!, words[at + 2]!, words[at + 3]!] as const
    if ((id[0] | id[1] | id[2] | id[3]) !== 0) place(larger, id)
  }
  table.words = larger
}
