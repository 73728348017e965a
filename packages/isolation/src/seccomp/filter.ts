import { assemble, type Instruction } from './bpf.js'
import {
  allowedFamilies,
  checkedCalls,
  deniedCalls,
  deniedRequests,
  firstCommonCall,
  lastKnownCall,
  lastOldCall,
  namespaceFlags,
} from './syscalls.js'

export type Machine = 'x64' | 'arm64'

/** AUDIT_ARCH_X86_64 and AUDIT_ARCH_AARCH64 of linux/audit.h. */
const architectures = { x64: 0xc000003e, arm64: 0xc00000b7 } as const

/** Offsets in `struct seccomp_data`: the number of the call, the architecture, and the low half of an argument. */
const numberAt = 0
const architectureAt = 4
const argumentAt = (index: number): number => 16 + 8 * index

/** What a program returns, of linux/seccomp.h. */
const allow = 0x7fff0000
const killProcess = 0x80000000
const errno = (code: number): number => 0x00050000 | code
const notPermitted = errno(1)
const noSuchCall = errno(38)

/**
 * The filter of system calls as bytes for seccomp(2). Calls of `deniedCalls` fail with EPERM; so do sockets of other families
 * and clone with new namespaces. Calls that are unknown here, and clone3, whose flags no filter can see, fail with ENOSYS, after
 * which libraries fall back to older ones. A call of another architecture ends the process.
 */
export function seccompFilter(machine: Machine): Uint8Array {
  const column = machine === 'x64' ? 0 : 1
  const numbers = deniedCalls.map(([, ...calls]) => calls[column]!).filter((call) => call >= 0)
  const program: Instruction[] = [
    { do: 'load', offset: architectureAt },
    { do: 'equal', value: architectures[machine], yes: 'ours' },
    { do: 'return', value: killProcess },
    { do: 'label', name: 'ours' },
    { do: 'load', offset: numberAt },
    // Unsigned: numbers of the x32 ABI, with bit 30 set, are greater too.
    { do: 'greater', value: lastKnownCall, yes: 'unknown' },
    { do: 'greater', value: lastOldCall[machine], no: 'known' },
    { do: 'greater', value: firstCommonCall - 1, no: 'unknown' },
    { do: 'label', name: 'known' },
    { do: 'equal', value: checkedCalls.clone3[column], yes: 'unknown' },
    { do: 'equal', value: checkedCalls.clone[column], yes: 'clone' },
    { do: 'equal', value: checkedCalls.socket[column], yes: 'socket' },
    { do: 'equal', value: checkedCalls.ioctl[column], yes: 'ioctl' },
    ...numbers.map((value): Instruction => ({ do: 'equal', value, yes: 'denied' })),
    { do: 'return', value: allow },
    { do: 'label', name: 'clone' },
    { do: 'load', offset: argumentAt(0) },
    { do: 'bits', value: namespaceFlags, yes: 'denied', no: 'allowed' },
    { do: 'label', name: 'socket' },
    { do: 'load', offset: argumentAt(0) },
    ...allowedFamilies.map((value): Instruction => ({ do: 'equal', value, yes: 'allowed' })),
    { do: 'return', value: notPermitted },
    { do: 'label', name: 'ioctl' },
    { do: 'load', offset: argumentAt(1) },
    ...deniedRequests.map((value): Instruction => ({ do: 'equal', value, yes: 'denied' })),
    { do: 'label', name: 'allowed' },
    { do: 'return', value: allow },
    { do: 'label', name: 'denied' },
    { do: 'return', value: notPermitted },
    { do: 'label', name: 'unknown' },
    { do: 'return', value: noSuchCall },
  ]
  return assemble(program)
}
