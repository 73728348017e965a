import { readFile } from 'node:fs/promises'
import { fail } from '@banyan/base'
import { allowedFamilies, checkedCalls, deniedCalls, namespaceFlags } from './syscalls.js'

/** The list of allowed calls that comes with podman. */
export const shippedProfile = '/usr/share/containers/seccomp.json'

type Rule = {
  readonly names: readonly string[]
  readonly action: string
  readonly errnoRet?: number
  readonly args?: readonly unknown[] | null
  readonly includes?: { readonly caps?: readonly string[]; readonly arches?: readonly string[] }
}

const equals = (index: number, value: number) => ({ index, value, valueTwo: 0, op: 'SCMP_CMP_EQ' })
/** `argument & value == 0`. */
const noBits = (index: number, value: number) => ({ index, value, valueTwo: 0, op: 'SCMP_CMP_MASKED_EQ' })

/**
 * A profile for podman: what its own one allows without any capability, but for the calls that workloads do not get. Sockets of
 * some families only, and clone without namespaces. Error: IsolationUnusable where podman's own profile is missing or strange.
 */
export async function podmanProfile(path = shippedProfile): Promise<string> {
  let rules: readonly Rule[]
  try {
    rules = (JSON.parse(await readFile(path, 'utf8')) as { syscalls: Rule[] }).syscalls
  } catch (error) {
    return fail('IsolationUnusable', { driver: 'podman', reason: `${path} cannot be read` }, error)
  }
  const withheld = new Set([...deniedCalls.map(([name]) => name), ...Object.keys(checkedCalls), 'ioctl'])
  const plain = rules.filter(
    ({ action, includes = {} }) => action === 'SCMP_ACT_ALLOW' && includes.caps === undefined,
  )
  const kept = plain.map((rule) => ({ ...rule, names: rule.names.filter((name) => !withheld.has(name)) }))
  const allow = (name: string, args: readonly unknown[]): Rule => ({
    names: [name],
    action: 'SCMP_ACT_ALLOW',
    args,
  })
  return JSON.stringify({
    defaultAction: 'SCMP_ACT_ERRNO',
    defaultErrnoRet: 38,
    architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_AARCH64'],
    syscalls: [
      ...kept.filter(({ names }) => names.length > 0),
      allow('ioctl', []),
      allow('clone', [noBits(0, namespaceFlags)]),
      ...allowedFamilies.map((family) => allow('socket', [equals(0, family)])),
      { names: deniedCalls.map(([name]) => name), action: 'SCMP_ACT_ERRNO', errnoRet: 1 },
      { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: 38 },
    ],
  })
}
