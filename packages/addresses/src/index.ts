/** Addresses of the public internet, for programs that connect where others tell them to. */
export { isPublicAddress } from './is-public-address.js'
export { pinnedLookup, publicAddresses, type Resolve, resolveBySystem } from './resolve.js'
