/** Names of the log and the snapshots in a node's data folder. */
export const blockLog = 'blocks'
export const stateSnapshot = 'state'
export const identityFile = 'chain'
