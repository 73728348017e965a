export { createGatewayServer, type GatewayServer, type GatewayServerOptions } from './gateway-server.js'
export { jsonProtocol } from './serve-json.js'
