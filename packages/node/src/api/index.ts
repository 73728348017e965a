/** The public APIs of a node, and the port through which they see it. */

export type { Access } from '@banyan/http-api/server'
export { packageEvents, transferEvents } from './asset-events.js'
export type * from './history.js'
export { rpcMethodNames } from './json-rpc/methods/index.js'
export { type ApiLimits, defaultLimits } from './limits.js'
export { logPasses } from './log-match.js'
export type * from './port.js'
export { type ApiServer, type ApiServerOptions, createApiServer } from './server.js'
