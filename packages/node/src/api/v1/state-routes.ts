import { fail, toHex } from '@banyan/base'
import type { Asset } from '@banyan/ledger'
import type { ProofRequest } from '@banyan/light'
import { z } from 'zod'
import * as F from './forms.js'
import { type Route, route, type Scope } from './route.js'

const none = z.object({})

/** A proof with its block. Error: ProofUnavailable. */
export async function prove({ node }: Scope, request: ProofRequest): Promise<z.output<typeof F.proofForm>> {
  const proof = await node.prove(request)
  if (proof === undefined) fail('ProofUnavailable', { reason: `there is no such ${request.kind} to prove` })
  return { height: proof.height, blockId: toHex(proof.blockId), proof: F.hex(proof.bytes) }
}

const json = (schema: z.ZodType) => ({ kind: 'json', schema }) as const
const proofAnswer = json(F.proofForm)

const accountForm = z.object({
  height: F.height,
  exists: z.boolean(),
  number: F.count.nullable().meta({ description: 'Account number, as packages name it' }),
  nonce: F.amount.meta({ description: 'Next nonce of an Ethereum transaction in final blocks' }),
  pendingNonce: F.amount.meta({ description: 'The same with transactions that wait' }),
  balance: F.amount.meta({ description: 'FIG in pip' }),
  flags: F.count,
  delegate: F.count,
  utxoCount: F.count,
})

const balanceForm = z.object({ height: F.height, exists: z.boolean(), balance: F.amount })
const rowForm = z.object({ height: F.height, value: F.bytes.nullable() })
const utxoForm = z.object({
  height: F.height,
  utxo: z.object({ owner: F.address, asset: F.count, amount: F.amount, createdAt: F.height }).nullable(),
})
export const assetForm = z.object({
  height: F.height,
  issuer: F.address,
  flags: F.count,
  decimals: F.count,
  supply: F.amount,
  cap: F.amount,
  metadataHash: F.hash,
  name: z.string(),
  symbol: z.string(),
})

const byAddress = z.object({ address: F.addressIn })
const byBalance = z.object({ address: F.addressIn, asset: F.assetIn })
const byKey = z.object({ key: F.hashIn })
const byId = z.object({ id: F.hashIn })
const byAsset = z.object({ asset: F.assetIn })

export function assetJson({ supply, cap, metadataHash, issuer, ...rest }: Asset) {
  return {
    ...rest,
    issuer: toHex(issuer),
    supply: String(supply),
    cap: String(cap),
    metadataHash: toHex(metadataHash),
  }
}

/** State after the newest final block, and proofs of it. */
export const stateRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/accounts/{address}',
    id: 'getAccount',
    summary: 'An account; all zero if it has no row.',
    params: byAddress,
    query: none,
    answer: json(accountForm),
    run: async ({ node }, { params: { address } }) => {
      const view = node.view()
      const account = view.account(address)
      return {
        height: node.head().header.height,
        exists: account !== undefined,
        number: view.accountNumber(address) ?? null,
        nonce: String(account?.nonce ?? 0n),
        pendingNonce: String(node.pendingNonce(address)),
        balance: String(account?.balance ?? 0n),
        flags: account?.flags ?? 0,
        delegate: account?.delegate ?? 0,
        utxoCount: account?.utxoCount ?? 0,
      }
    },
  }),
  route({
    method: 'get',
    path: '/v1/accounts/{address}/proof',
    id: 'proveAccount',
    summary: 'Proof of an account, or of its absence.',
    params: byAddress,
    query: none,
    answer: proofAnswer,
    run: (scope, { params }) => prove(scope, { kind: 'account', address: params.address }),
  }),
  route({
    method: 'get',
    path: '/v1/accounts/{address}/balances/{asset}',
    id: 'getBalance',
    summary: 'Balance of an asset; asset 0 is FIG.',
    params: byBalance,
    query: none,
    answer: json(balanceForm),
    run: async ({ node }, { params: { address, asset } }) => {
      const view = node.view()
      const account = view.account(address)
      const isFig = asset === 0
      return {
        height: node.head().header.height,
        exists: isFig ? account !== undefined : view.hasBalance(address, asset),
        balance: String(isFig ? (account?.balance ?? 0n) : view.balance(address, asset)),
      }
    },
  }),
  route({
    method: 'get',
    path: '/v1/accounts/{address}/balances/{asset}/proof',
    id: 'proveBalance',
    summary: 'Proof of a balance, or of its absence. That of FIG is part of the account.',
    params: byBalance,
    query: none,
    answer: proofAnswer,
    run: (scope, { params: { address, asset } }) =>
      prove(scope, asset === 0 ? { kind: 'account', address } : { kind: 'balance', owner: address, asset }),
  }),
  route({
    method: 'get',
    path: '/v1/rows/{key}',
    id: 'getRow',
    summary: 'A storage row of a contract; `null` if there is none.',
    params: byKey,
    query: none,
    answer: json(rowForm),
    run: async ({ node }, { params }) => {
      const value = node.view().storage(params.key)
      return { height: node.head().header.height, value: value === undefined ? null : F.hex(value) }
    },
  }),
  route({
    method: 'get',
    path: '/v1/rows/{key}/proof',
    id: 'proveRow',
    summary: 'Proof of a storage row, or of its absence.',
    params: byKey,
    query: none,
    answer: proofAnswer,
    run: (scope, { params }) => prove(scope, { kind: 'storage', key: params.key }),
  }),
  route({
    method: 'get',
    path: '/v1/utxos/{id}',
    id: 'getUtxo',
    summary: 'An unspent output; `null` if there is none.',
    params: byId,
    query: none,
    answer: json(utxoForm),
    run: async ({ node }, { params }) => {
      const utxo = node.view().utxo(params.id)
      const form = utxo && {
        owner: toHex(utxo.owner),
        asset: utxo.asset,
        amount: String(utxo.amount),
        createdAt: Number(utxo.height),
      }
      return { height: node.head().header.height, utxo: form ?? null }
    },
  }),
  route({
    method: 'get',
    path: '/v1/utxos/{id}/proof',
    id: 'proveUtxo',
    summary: 'Proof of an unspent output, or of its absence.',
    params: byId,
    query: none,
    answer: proofAnswer,
    run: (scope, { params }) => prove(scope, { kind: 'utxo', id: params.id }),
  }),
  route({
    method: 'get',
    path: '/v1/assets/{asset}',
    id: 'getAsset',
    summary: 'An asset.',
    params: byAsset,
    query: none,
    answer: json(assetForm),
    run: async ({ node }, { params }) => {
      const asset = node.view().asset(params.asset) ?? fail('AssetUnknown', { asset: params.asset })
      return { height: node.head().header.height, ...assetJson(asset) }
    },
  }),
  route({
    method: 'get',
    path: '/v1/assets/{asset}/proof',
    id: 'proveAsset',
    summary: 'Proof of the row of an asset.',
    params: byAsset,
    query: none,
    answer: proofAnswer,
    run: (scope, { params }) => prove(scope, { kind: 'asset', asset: params.asset }),
  }),
]
