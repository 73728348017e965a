export { native } from './native/provider.js'
export { secp256k1Backend } from './native/secp256k1.js'
