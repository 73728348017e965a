/** Objects, entries of maps and sets, and bytes in eights that are reachable from a value: how much memory it holds. */
export function sizeOf(value: unknown): number {
  const seen = new Set<object>()
  const open: unknown[] = [value]
  let size = 0
  while (open.length > 0) {
    const next = open.pop()
    if (typeof next !== 'object' || next === null || seen.has(next)) continue
    seen.add(next)
    size++
    if (ArrayBuffer.isView(next)) size += next.byteLength >>> 3
    else if (next instanceof Map) for (const entry of next) open.push(...entry)
    else if (next instanceof Set) open.push(...next)
    else open.push(...Object.values(next))
  }
  return size
}
