const kinds: Readonly<Record<number, string>> = {
  0: 'Ethereum, first form',
  1: 'Ethereum, with access list',
  2: 'Ethereum, with fee market',
  122: 'Transfer',
  123: 'Native transaction',
  124: 'Package of payments',
}

/** Name of a kind of transaction, by the first byte of its envelope. */
export function typeText(type: number): string {
  return kinds[type] ?? `Type ${type}`
}
