/** Bounds of one call. */
export const limits = {
  parts: 8,
  /** Named inputs of a part. */
  inputs: 64,
  /** Outputs of a part, and account credits of a part. */
  shares: 64,
  /** UTXOs of the owner that are looked at for sweeping or merging, newest first. */
  scanned: 64,
  /** Extra inputs that a sweep adds. */
  swept: 16,
  /** UTXOs that are merged after a spend. */
  merged: 32,
  listed: 256,
} as const
