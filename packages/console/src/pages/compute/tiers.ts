/** Classes of machines are numbered from 1, the most trusted, to 4: docs/central.md. */
export function tierText(tier: string | number): string {
  return `Tier ${tier}`
}
