export { announceWallet } from './announce.js'
export { createWalletDouble, type WalletDouble } from './provider.js'
