import { asAddress, asAssetId, asChainId, asHeight, fig, type Hash } from '@banyan/base'
import { assetAddress, contractAddress, factoryAbi, tokenAbi, utxoAbi } from '@banyan/contracts'
import {
  type Chain,
  encodeEthereum,
  encodeNative,
  encodePackage,
  encodeTransfer,
  nativeId,
  packItems,
  signEd25519,
  signEthereum,
  signPackage,
  signTransfer,
  stateView,
} from '@banyan/ledger'
import type { EngineView } from '@banyan/node'
import type { Random } from '@banyan/testing'
import { callData } from '@banyan/testing/contract-calls'
import { pick } from '../campaign/setting.js'
import { chainId, payee, payers, wallets } from './people.js'
import { provider } from './remembered-crypto.js'

/** Random transactions of all kinds, made as a client makes them that sees one node. */

const token = asAssetId(1)
const maxFee = 4_000_000_000

type Making = {
  readonly random: Random
  readonly chain: Chain
  readonly mark: Hash
  readonly validUntil: ReturnType<typeof asHeight>
}

function transfer({ random, chain, mark, validUntil }: Making): Uint8Array {
  const fields = {
    mark,
    payee: random.below(2) === 0 ? pick(random, payers).address : payee(random.below(40)),
    asset: random.below(3) === 0 ? token : fig,
    nonce: BigInt(random.u32()),
    amount: BigInt(1 + random.below(1_000_000)),
    maxFee,
    tip: random.below(3),
    validUntil,
  }
  return encodeTransfer(signTransfer(provider, chain.domains.transfer, fields, pick(random, payers).seed))
}

function packageOfItems({ random, chain, mark, validUntil }: Making): Uint8Array {
  const people = payers.length
  const items = Array.from({ length: 1 + random.below(6) }, () => ({
    payer: 1 + random.below(people),
    payee: 1 + random.below(people + wallets.length),
    amount: BigInt(random.below(1_000)),
  }))
  const mode = random.below(2) === 0 ? ('atomic' as const) : ('perItem' as const)
  const fields = {
    mark,
    nonce: BigInt(random.u32()),
    validUntil,
    asset: fig,
    maxFee,
    tip: 0,
    mode,
    items: packItems(items),
  }
  return encodePackage(signPackage(provider, chain.domains.package, fields, payers[0]!.seed))
}

function call({ random, chain, mark, validUntil }: Making): Uint8Array {
  const caller = pick(random, payers)
  const owner = caller.address
  const other = pick(random, payers).address
  const held = stateView(chain.state).utxosOf(owner, 4)
  const draw = random.below(4)
  const [to, data] =
    draw === 0
      ? [
          assetAddress(token),
          callData(tokenAbi, 'transfer', { to: other, value: BigInt(random.below(1_000)) }),
        ]
      : draw === 1
        ? [
            contractAddress('banyan/factory'),
            callData(factoryAbi, 'create', {
              name: `Token ${random.u32()}`,
              symbol: 'TOK',
              decimals: 2,
              initialSupply: 1000n,
              cap: 1000n,
              flags: 0,
              metadataHash: new Uint8Array(32),
            }),
          ]
        : draw === 2 && held.length > 1
          ? [
              contractAddress('banyan/utxo'),
              callData(utxoAbi, 'withdraw', { asset: 0, inputs: held.slice(0, 2), to: owner }),
            ]
          : [
              contractAddress('banyan/utxo'),
              callData(utxoAbi, 'deposit', {
                asset: 0,
                outputs: [{ owner: other, amount: 1n + BigInt(random.below(9)) }],
              }),
            ]
  const body = {
    chainId: asChainId(chainId),
    account: owner,
    mark,
    validUntil,
    nonce: BigInt(random.u32()),
    gasLimit: 200_000n,
    maxFeePerGas: 10n ** 9n,
    tipPerGas: 0n,
    sponsor: asAddress(new Uint8Array(20)),
    calls: [{ to, value: 0n, data }],
    accessKeys: [],
    postConditions: [],
  }
  const signatures = [signEd25519(provider, nativeId(provider, chain.domains.native, body), caller.seed)]
  return encodeNative({ kind: 'native', body, signatures, sponsor: [] })
}

function ethereum({ random }: Making, nonce: bigint, wallet: number): Uint8Array {
  const isToken = random.below(2) === 0
  const to = pick(random, payers).address
  const unsigned = {
    type: 2,
    chainId: asChainId(chainId),
    nonce,
    maxFeePerGas: 10n ** 9n,
    maxPriorityFeePerGas: BigInt(random.below(10)),
    gasLimit: 100_000n,
    to: isToken ? assetAddress(token) : to,
    value: isToken ? 0n : BigInt(random.below(1_000)),
    data: isToken ? callData(tokenAbi, 'transfer', { to, value: 3n }) : new Uint8Array(0),
    accessList: [],
  } as const
  return encodeEthereum(signEthereum(provider, unsigned, wallets[wallet]!.seed))
}

/** An envelope. `nextNonce` is that of a wallet, as the node says. */
export function randomTransaction(
  random: Random,
  { chain, final }: EngineView,
  nextNonce: (wallet: number) => bigint,
): Uint8Array {
  const { height } = final.header
  const making: Making = {
    random,
    chain,
    mark: final.id,
    validUntil: asHeight(BigInt(height + 4 + random.below(60))),
  }
  const draw = random.below(10)
  if (draw < 5) return transfer(making)
  if (draw < 6) return packageOfItems(making)
  if (draw < 8) return call(making)
  const wallet = random.below(wallets.length)
  return ethereum(making, nextNonce(wallet), wallet)
}

/** A plain transfer that waits as long as one can. */
export function lastingTransfer(random: Random, view: EngineView): Uint8Array {
  const { chain, final } = view
  return transfer({ random, chain, mark: final.id, validUntil: asHeight(BigInt(final.header.height + 64)) })
}
