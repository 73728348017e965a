import { fig } from '@banyan/base'
import {
  accountKey,
  assetFlags,
  assets,
  balanceKey,
  type CallContext,
  defineContract,
  funds,
  reads,
  tables,
} from '@banyan/ledger'
import { assetAddress, assetAt, assetPrefix, isZeroAddress } from '../addresses.js'
import { tokenAbi } from './abi.js'
import { allowanceWrite, assetRead, assetWrite, balanceWrites } from './keys.js'
import {
  allowances,
  burnTokens,
  calledAsset,
  mintTokens,
  permitNonces,
  requireFeature,
  requireIssuer,
  setAllowance,
  spendAllowance,
  token,
  transferTokens,
} from './ledger.js'
import { domainSeparator, permitVersion, usePermit } from './permit.js'

/** A view of the asset row. */
const assetView = <Result>(read: (context: CallContext) => Result) => ({
  gas: 50,
  run: read,
  keys: assetRead,
})

function setPaused(context: CallContext, paused: boolean): void {
  const { id, asset } = calledAsset(context)
  requireIssuer(context, asset)
  requireFeature(asset, assetFlags.pausable)
  const isPaused = (asset.flags & assetFlags.paused) !== 0
  if (paused && isPaused) token.revertWith('EnforcedPause', {})
  if (!paused && !isPaused) token.revertWith('ExpectedPause', {})
  assets.update(context, id, { flags: asset.flags ^ assetFlags.paused })
  token.emit(context, paused ? 'Paused' : 'Unpaused', { account: context.caller })
}

export const tokenContract = defineContract({
  name: 'token',
  summary: 'ERC-20 face of FIG and of every other asset, each at its own address.',
  version: 1,
  address: assetAddress(fig),
  addressPrefix: assetPrefix,
  abi: tokenAbi,
  tables: [allowances, permitNonces],
  methods: {
    name: assetView((context) => calledAsset(context).asset.name),
    symbol: assetView((context) => calledAsset(context).asset.symbol),
    decimals: assetView((context) => calledAsset(context).asset.decimals),
    totalSupply: assetView((context) => calledAsset(context).asset.supply),
    cap: assetView((context) => calledAsset(context).asset.cap),
    issuer: assetView((context) => calledAsset(context).asset.issuer),
    metadataHash: assetView((context) => calledAsset(context).asset.metadataHash),
    paused: assetView((context) => (calledAsset(context).asset.flags & assetFlags.paused) !== 0),
    DOMAIN_SEPARATOR: assetView((context) => domainSeparator(context, calledAsset(context).asset.name)),
    eip712Domain: assetView((context) => {
      const { name } = calledAsset(context).asset
      const { chainId } = context.block
      const fields = Uint8Array.of(0x0f)
      return [fields, name, permitVersion, chainId, context.self, new Uint8Array(32), []] as const
    }),
    balanceOf: {
      gas: 50,
      run: (context, { account }) => funds.balanceOf(context, account, calledAsset(context).id),
      keys: (context, { account }) => [
        ...assetRead(context),
        ...reads(balanceKey(account, assetAt(context.self))),
      ],
    },
    allowance: {
      gas: 50,
      run: (context, { owner, spender }) =>
        tables.get(context, allowances, { asset: calledAsset(context).id, owner, spender }).value,
      keys: (context, { owner, spender }) => [
        ...assetRead(context),
        ...tables.readKeys(context, allowances, { asset: assetAt(context.self), owner, spender }),
      ],
    },
    nonces: {
      gas: 50,
      run: (context, { owner }) =>
        tables.get(context, permitNonces, { asset: calledAsset(context).id, owner }).next,
      keys: (context, { owner }) => [
        ...assetRead(context),
        ...tables.readKeys(context, permitNonces, { asset: assetAt(context.self), owner }),
      ],
    },
    transfer: {
      gas: 200,
      run: (context, { to, value }) => {
        transferTokens(context, context.caller, to, value)
        return true
      },
      keys: (context, { to }) => [...assetRead(context), ...balanceWrites(context, context.caller, to)],
    },
    transferFrom: {
      gas: 300,
      run: (context, { from, to, value }) => {
        spendAllowance(context, from, context.caller, value)
        transferTokens(context, from, to, value)
        return true
      },
      keys: (context, { from, to }) => [
        ...assetRead(context),
        ...balanceWrites(context, from, to),
        ...allowanceWrite(context, from, context.caller),
      ],
    },
    approve: {
      gas: 200,
      run: (context, { spender, value }) => {
        setAllowance(context, context.caller, spender, value, 'emit')
        return true
      },
      keys: (context, { spender }) => [
        ...assetRead(context),
        ...allowanceWrite(context, context.caller, spender),
      ],
    },
    transferWithMemo: {
      gas: 300,
      run: (context, { to, value, memo, metadataHash }) => {
        transferTokens(context, context.caller, to, value)
        token.emit(context, 'Memo', { from: context.caller, to, memo, metadataHash })
        return true
      },
      keys: (context, { to }) => [...assetRead(context), ...balanceWrites(context, context.caller, to)],
    },
    permit: {
      gas: 500,
      run: usePermit,
      keys: (context, { owner, spender }) => [
        ...assetRead(context),
        ...reads(accountKey(owner)),
        ...tables.writeKeys(context, permitNonces, { asset: assetAt(context.self), owner }),
        ...allowanceWrite(context, owner, spender),
      ],
    },
    mint: {
      gas: 200,
      run: (context, { to, value }) => {
        const { asset } = calledAsset(context)
        requireIssuer(context, asset)
        requireFeature(asset, assetFlags.mintable)
        mintTokens(context, to, value)
      },
      keys: (context, { to }) => [...assetWrite(context), ...balanceWrites(context, to)],
    },
    burn: {
      gas: 200,
      run: (context, { value }) => {
        requireFeature(calledAsset(context).asset, assetFlags.burnable)
        burnTokens(context, context.caller, value)
      },
      keys: (context) => [...assetWrite(context), ...balanceWrites(context, context.caller)],
    },
    burnFrom: {
      gas: 300,
      run: (context, { account, value }) => {
        requireFeature(calledAsset(context).asset, assetFlags.burnable)
        spendAllowance(context, account, context.caller, value)
        burnTokens(context, account, value)
      },
      keys: (context, { account }) => [
        ...assetWrite(context),
        ...balanceWrites(context, account),
        ...allowanceWrite(context, account, context.caller),
      ],
    },
    pause: { gas: 100, run: (context) => setPaused(context, true), keys: assetWrite },
    unpause: { gas: 100, run: (context) => setPaused(context, false), keys: assetWrite },
    transferIssuer: {
      gas: 100,
      run: (context, { newIssuer }) => {
        const { id, asset } = calledAsset(context)
        requireIssuer(context, asset)
        if (isZeroAddress(newIssuer)) token.revertWith('OwnableInvalidOwner', { owner: newIssuer })
        assets.update(context, id, { issuer: newIssuer })
        token.emit(context, 'IssuerTransferred', { previousIssuer: asset.issuer, newIssuer })
      },
      keys: assetWrite,
    },
  },
})
