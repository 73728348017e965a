/** What the folder of a local network tells, without what runs one: for commands that start fast. */
export { type Layout, layoutOf } from './folder/layout.js'
export { removeState } from './folder/remove-state.js'
export { type Run, readRun } from './folder/run-file.js'
export { listSnapshots, loadSnapshot, type Snapshot, saveSnapshot } from './folder/snapshots.js'
export { hasNetwork } from './folder/state-folder.js'
export { checkPort } from './origin/listen.js'
export type { LocalPart, LocalStatus } from './origin/local-api.js'
export { plainLine } from './processes/log-file.js'
