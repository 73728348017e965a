export type { Codec } from './codec.js'
export { codecs } from './codecs.js'
export { createGatewayServer, type GatewayServer, type GatewayServerOptions } from './gateway-server.js'
