/**
 * Divides items among `parts` so that the largest load of a part is small: largest item first, each to the part with the
 * least load (Graham's longest-processing-time rule). Returns the indices of each part's items; the first part is
 * never empty.
 */
export function divide(loads: readonly number[], parts: number): number[][] {
  const shares: number[][] = Array.from({ length: parts }, () => [])
  const totals = new Array<number>(parts).fill(0)
  const order = Array.from(loads.keys()).sort((a, b) => loads[b]! - loads[a]! || a - b)
  for (const item of order) {
    let least = 0
    for (let part = 1; part < parts; part++) if (totals[part]! < totals[least]!) least = part
    shares[least]!.push(item)
    totals[least]! += loads[item]!
  }
  return shares
}
