export { createFaultProxy, type FaultProxy, type FaultProxyOptions } from './fault-proxy.js'
export { createMemoryHub, type MemoryHub, type MemoryHubOptions } from './memory-hub.js'
