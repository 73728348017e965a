/** Names of the logs and the snapshots in a node's data folder. */
export const blockLog = 'blocks'
export const certificateLog = 'certificates'
export const epochLog = 'epochs'
export const journalLog = 'waiting'
export const stateSnapshot = 'state'
export const identityFile = 'chain'
