import { seccompFilter } from '@banyan/isolation'
import { describe, expect, test } from 'vitest'

/** Runs a filter as the kernel does: only the instructions that it uses. */
function decide(
  filter: Uint8Array,
  architecture: number,
  call: number,
  args: readonly number[] = [],
): string {
  const program = new DataView(filter.buffer, filter.byteOffset, filter.length)
  const data = new DataView(new ArrayBuffer(64))
  data.setUint32(0, call, true)
  data.setUint32(4, architecture, true)
  for (const [i, value] of args.entries()) data.setUint32(16 + 8 * i, value, true)
  let accumulator = 0
  for (let at = 0, steps = 0; steps < 1_000; steps++) {
    const code = program.getUint16(8 * at, true)
    const value = program.getUint32(8 * at + 4, true)
    if (code === 0x20) {
      accumulator = data.getUint32(value, true)
      at++
      continue
    }
    if (code === 0x06) return answers[value] ?? `${value}`
    const holds =
      code === 0x15
        ? accumulator === value
        : code === 0x25
          ? accumulator > value
          : (accumulator & value) >>> 0 !== 0
    at += 1 + program.getUint8(8 * at + (holds ? 2 : 3))
  }
  return 'endless'
}

const answers: Readonly<Record<number, string>> = {
  [0x7fff0000]: 'allow',
  [0x80000000]: 'kill',
  [0x00050001]: 'EPERM',
  [0x00050026]: 'ENOSYS',
}
const machines = {
  x64: {
    architecture: 0xc000003e,
    clone: 56,
    socket: 41,
    ioctl: 16,
    unshare: 272,
    ptrace: 101,
    keyctl: 250,
    read: 0,
    openat: 257,
    futex: 202,
    last: 334,
    rseq: 334,
  },
  arm64: {
    architecture: 0xc00000b7,
    clone: 220,
    socket: 198,
    ioctl: 29,
    unshare: 97,
    ptrace: 117,
    keyctl: 219,
    read: 63,
    openat: 56,
    futex: 98,
    last: 294,
    rseq: 293,
  },
} as const

describe.each(['x64', 'arm64'] as const)('CMP-6: the filter of system calls of %s', (machine) => {
  const { architecture, ...calls } = machines[machine]
  const filter = seccompFilter(machine)
  const of = (call: number, ...args: readonly number[]): string => decide(filter, architecture, call, args)

  test('CMP-6: what programs need is allowed', () => {
    for (const call of [calls.read, calls.openat, calls.futex, calls.rseq, 437, 439, 441, 449])
      expect(of(call)).toBe('allow')
  })

  test('CMP-6: what leads out is denied', () => {
    for (const call of [calls.unshare, calls.ptrace, calls.keyctl, 425, 428, 430, 438, 442])
      expect(of(call)).toBe('EPERM')
  })

  test('CMP-6: threads and processes are allowed, namespaces are not', () => {
    const thread = 0x003d0f00
    expect(of(calls.clone, thread)).toBe('allow')
    expect(of(calls.clone, 17)).toBe('allow')
    for (const flag of [0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000])
      expect(of(calls.clone, (thread | flag) >>> 0)).toBe('EPERM')
    expect(of(435)).toBe('ENOSYS')
  })

  test('CMP-6: sockets of some families only, and nothing that types into a terminal', () => {
    const families = Array.from({ length: 46 }, (_, family) => family).filter(
      (family) => of(calls.socket, family) === 'allow',
    )
    expect(families).toEqual([1, 2, 10, 16])
    expect(of(calls.ioctl, 0, 0x5401)).toBe('allow')
    expect(of(calls.ioctl, 0, 0x5412)).toBe('EPERM')
    expect(of(calls.ioctl, 0, 0x541c)).toBe('EPERM')
  })

  test('CMP-6: unknown calls do not exist, and another architecture ends the process', () => {
    for (const call of [calls.last + 1, 400, 423, 463, 1_000, 0x40000000, 0x40000001, 0xffffffff])
      expect(of(call)).toBe('ENOSYS')
    expect(decide(filter, 0x40000003, calls.read)).toBe('kill')
  })

  test('CMP-6: the kernel takes it: jumps stay inside, and it ends with a return', () => {
    expect(filter.length % 8).toBe(0)
    const count = filter.length / 8
    expect(count).toBeLessThan(4_096)
    for (let at = 0; at < count; at++) {
      const isJump = filter[8 * at] === 0x15 || filter[8 * at] === 0x25 || filter[8 * at] === 0x45
      if (isJump) expect(at + 1 + Math.max(filter[8 * at + 2]!, filter[8 * at + 3]!)).toBeLessThan(count)
    }
    expect(filter[8 * (count - 1)]).toBe(0x06)
  })
})
