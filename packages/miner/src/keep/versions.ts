/** Whether a version comes after another, by semantic versioning: numbers in turn; a pre-release is before its release. */
export function isNewer(version: string, than: string): boolean {
  const [own, other] = [partsOf(version), partsOf(than)]
  for (let i = 0; i < 3; i++) {
    const difference = own.numbers[i]! - other.numbers[i]!
    if (difference !== 0) return difference > 0
  }
  if (own.before === '' || other.before === '') return own.before === '' && other.before !== ''
  return compareBefore(own.before.split('.'), other.before.split('.')) > 0
}

function partsOf(version: string): { readonly numbers: readonly number[]; readonly before: string } {
  const [release = '', ...before] = version.split('-')
  return { numbers: release.split('.').map(Number), before: before.join('-') }
}

/** Numbers as numbers and before words; more parts after fewer. */
function compareBefore(own: readonly string[], other: readonly string[]): number {
  for (let i = 0; i < Math.min(own.length, other.length); i++) {
    const [a, b] = [own[i]!, other[i]!]
    if (a === b) continue
    const [isNumber, isOtherNumber] = [/^\d+$/.test(a), /^\d+$/.test(b)]
    if (isNumber && isOtherNumber) return Number(a) - Number(b)
    if (isNumber !== isOtherNumber) return isNumber ? -1 : 1
    return a < b ? -1 : 1
  }
  return own.length - other.length
}
