export { stepBroker } from './broker.js'
export { type BrokerLimits, defaultLimits } from './limits.js'
export { type Broker, createBroker } from './state.js'
export * from './types.js'
