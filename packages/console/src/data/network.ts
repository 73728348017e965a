import type { TideBlock } from '../shell/tide-layout.js'
export function useTideBlocks(): readonly TideBlock[] {
  return Array.from({ length: 200 }, (_, i) => ({
    height: 4000 - i,
    time: Date.now() - i * 400 - (i > 20 ? 2000 : 0) - (i > 90 ? 1800 : 0),
    transactions: Math.floor((((i * 7919) % 13) * ((i * 31) % 7)) / 6),
    missed: i === 40 ? 1 : 0,
  }))
}
export function useNetworkKind(): 'test' | 'real' {
  return 'test'
}
