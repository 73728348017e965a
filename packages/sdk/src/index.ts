/** Client of a chain. Every action is a function of its own, so that a bundle holds only what it uses: docs/sdk.md. */
export { BanyanError, formatAmount, type Hex, parseAmount } from '@banyan/base'
export type {
  Account,
  KeyAccount,
  PasskeyAccount,
  WalletAccount,
  WalletProvider,
} from './account/account.js'
export { ed25519Account, newSecret, secp256k1Account } from './account/local.js'
export {
  createPasskey,
  findPasskey,
  passkeyAccount,
  type SavedPasskey,
} from './account/passkey.js'
export { connectWallet, findWallets, type Wallet } from './account/wallet.js'
export * from './caip.js'
export { type Client, type ClientOptions, createClient, type SponsorChoice } from './client.js'
export {
  callContract,
  contractCall,
  decodeRevert,
  encodeCall,
  type FunctionCall,
  type ResultOf,
  readContract,
} from './contract.js'
export type { Address, Hash } from './hex.js'
export type { Options } from './http.js'
export type { Connection } from './live/feed.js'
export {
  recentBlock,
  watchActivity,
  watchBlocks,
  watchConnection,
  watchHead,
  watchLogs,
} from './live/watch.js'
export * from './read/accounts.js'
export * from './read/assets.js'
export { type Block, type BlockChoice, getBlock, getBlocks } from './read/blocks.js'
export * from './read/chain.js'
export * from './read/logs.js'
export * from './read/transactions.js'
export { rpc } from './rpc.js'
export { type Prepared, prepareTransaction } from './send/prepare.js'
export type { Call, Calls, SendOptions, SendRequest, Transfer } from './send/request.js'
export { type Sending, send } from './send/send.js'
export { type Signed, signTransaction, submitTransaction } from './send/sign.js'
export { waitForTransaction } from './send/wait.js'
export * from './token.js'
export { tokenRefusal } from './token-refusal.js'
export type { Verifier } from './verifier.js'
