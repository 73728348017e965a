/** Credentials of the benchmark's region. */
export const clientKey = 'a-key-of-the-benchmark-client'
export const minerKey = 'a-key-of-the-benchmark-miners'
export const minerNames = ['m1', 'm2']
