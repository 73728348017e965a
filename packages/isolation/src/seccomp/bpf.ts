import { assert } from '@banyan/base'

/** An assembler for the programs of classic BPF that seccomp takes (linux/bpf_common.h): loads, comparisons, returns. */

export type Instruction =
  | { readonly do: 'load'; readonly offset: number }
  | { readonly do: 'return'; readonly value: number }
  | {
      readonly do: 'equal' | 'greater' | 'bits'
      readonly value: number
      /** Label to go to where it holds, or does not; without one, on to the next. */
      readonly yes?: string
      readonly no?: string
    }
  | { readonly do: 'label'; readonly name: string }

const codes = { load: 0x20, return: 0x06, equal: 0x15, greater: 0x25, bits: 0x45 } as const

/** The program as an array of `struct sock_filter`, 8 bytes each, little-endian. Labels lie ahead, at most 255 away. */
export function assemble(program: readonly Instruction[]): Uint8Array {
  const places = new Map<string, number>()
  let count = 0
  for (const step of program) {
    if (step.do === 'label') places.set(step.name, count)
    else count++
  }
  const bytes = new Uint8Array(8 * count)
  const view = new DataView(bytes.buffer)
  let at = 0
  const distance = (label: string | undefined): number => {
    if (label === undefined) return 0
    const place = places.get(label) ?? -1
    assert(place > at && place - at - 1 <= 255, `the label ${label} of a BPF program can be reached`)
    return place - at - 1
  }
  for (const step of program) {
    if (step.do === 'label') continue
    const jumps =
      step.do === 'load' || step.do === 'return' ? [0, 0] : [distance(step.yes), distance(step.no)]
    view.setUint16(8 * at, codes[step.do], true)
    view.setUint8(8 * at + 2, jumps[0]!)
    view.setUint8(8 * at + 3, jumps[1]!)
    view.setUint32(8 * at + 4, step.do === 'load' ? step.offset : step.value, true)
    at++
  }
  return bytes
}
