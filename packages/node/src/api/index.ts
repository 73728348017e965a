/** The public APIs of a node, and the port through which they see it. */
export { packageEvents, transferEvents } from './asset-events.js'
export type * from './history.js'
export type { Access } from './http/guard.js'
export { rpcMethodNames } from './json-rpc/methods/index.js'
export { type ApiLimits, defaultLimits } from './limits.js'
export { logPasses } from './log-match.js'
export type * from './port.js'
export { type ApiServer, type ApiServerOptions, createApiServer } from './server.js'
