/** React over the SDK: docs/sdk.md "React". */
export { type Banyan, useBanyan } from './context.js'
export {
  useActivity,
  useAsset,
  useAssets,
  useBalance,
  useBalances,
  useBlock,
  useBlocks,
  useBlockTransactions,
  useConnection,
  useNetwork,
  useTransaction,
  useTransactions,
  useValidators,
} from './hooks.js'
export { BanyanProvider, type BanyanProviderProps } from './provider.js'
export {
  activityQueryOptions,
  assetQueryOptions,
  assetsQueryOptions,
  balanceQueryOptions,
  balancesQueryOptions,
  blockQueryOptions,
  blocksQueryOptions,
  blockTransactionsQueryOptions,
  networkQueryOptions,
  scopeKey,
  transactionQueryOptions,
  transactionsQueryOptions,
  validatorsQueryOptions,
} from './queries.js'
export type { AccountStorage } from './storage.js'
export {
  type SignInWay,
  type UseAccount,
  type UseSignIn,
  useAccount,
  useSignIn,
  useWallets,
} from './use-account.js'
export { type SendPhase, type SendTask, type UseSend, useSend } from './use-send.js'
