export { type LinkParts, type Links, openLinks } from './links.js'
export { type Argon2Options, createVault, defaultArgon2, sessionMac } from './vault.js'
