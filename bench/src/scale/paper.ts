/** What the CAS paper states for a number of nodes. It names neither hardware, nor network, nor kind of transaction. */
export type PaperRow = { readonly nodes: number; readonly perSecond: number; readonly seconds: number }

export const paperRows: readonly PaperRow[] = [
  { nodes: 3, perSecond: 138_363, seconds: 0.23 },
  { nodes: 7, perSecond: 135_363, seconds: 0.25 },
  { nodes: 21, perSecond: 125_063, seconds: 0.37 },
  { nodes: 49, perSecond: 123_054, seconds: 0.53 },
  { nodes: 99, perSecond: 106_307, seconds: 0.83 },
  { nodes: 199, perSecond: 89_643, seconds: 1.39 },
  { nodes: 299, perSecond: 75_189, seconds: 1.9 },
  { nodes: 399, perSecond: 58_669, seconds: 2.35 },
  { nodes: 499, perSecond: 39_810, seconds: 2.73 },
  { nodes: 599, perSecond: 22_335, seconds: 3.04 },
  { nodes: 699, perSecond: 14_013, seconds: 3.26 },
  { nodes: 799, perSecond: 13_631, seconds: 3.4 },
  { nodes: 899, perSecond: 13_337, seconds: 3.43 },
  { nodes: 999, perSecond: 13_092, seconds: 3.37 },
]
