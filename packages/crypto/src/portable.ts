/**
 * The parts of the portable back end one by one: a page that signs with one kind of key need not load the arithmetic of the
 * others. `portable` of the main entry is all of them.
 */
export { ed25519 } from './portable/ed25519.js'
export { hasher, randomBytes } from './portable/hash.js'
export { p256 } from './portable/p256.js'
export { recoverP256 } from './portable/p256-recovery.js'
export { secp256k1 } from './portable/secp256k1.js'
