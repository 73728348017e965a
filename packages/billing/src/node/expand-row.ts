import { createHash } from 'node:crypto'
import type { Expand } from '../anchor/lattice-sum.js'

/** SHAKE128 by OpenSSL. */
export const expandRow: Expand = (rowHash) =>
  createHash('shake128', { outputLength: 2_048 }).update(rowHash).digest()
