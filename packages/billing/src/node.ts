/** What needs Node: threads, databases, documents. */
export { expandRow } from './node/expand-row.js'
