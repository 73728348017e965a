import { type AssetId, asAssetId, figDecimals, formatAmount, parseAmount, toHex } from '@banyan/base'
import { assetAddress, contractAddress, factoryAbi, tokenAbi } from '@banyan/contracts'
import { assetFlags, generalBatch, stateView, transferBatch } from '@banyan/ledger'
import type { ChainStore } from '@banyan/node'
import * as AbiFunction from 'ox/AbiFunction'
import { addBlock } from './add-block.js'
import { everybody, hana, ines, jun, mira, otto } from './people.js'
import { figs, line, note, title } from './print.js'
import { call, callAll, payAll, transfer, walletTransfer } from './transactions.js'

/** The first asset after FIG: Mira's loaves. */
const loaf: AssetId = asAssetId(1)
const loafDecimals = 2

/** What happens on the chain in one run: five blocks, four once the token exists. */
export async function tellStory(store: ChainStore): Promise<void> {
  const { chain } = store
  title('A transfer')
  line('Mira pays Otto 12.5 FIG: 193 signed bytes.')
  await addBlock(store, transferBatch(transfer(chain, mira, otto, '12.5')))

  title('A package')
  line('Mira pays Otto, Ines, Jun and Hana 4 FIG each: one signature, all or none.')
  await addBlock(store, generalBatch([payAll(chain, mira, [otto, ines, jun, hana], '4')]))

  if (stateView(chain.state).asset(loaf) === undefined) await createToken(store)
  title('A contract call')
  line('Mira mints 100 LOAF and sends Jun 25 of them: two calls in one transaction.')
  await addBlock(store, generalBatch([callAll(chain, mira, [mint('100'), send('25')])]))

  title('An Ethereum wallet')
  line('Hana sends Mira 3 FIG by a plain Ethereum transaction (EIP-1559).')
  await addBlock(store, generalBatch([walletTransfer(chain, hana, mira, '3')]))
}

async function createToken(store: ChainStore): Promise<void> {
  title('A token')
  line('Mira creates LOAF, an ERC-20 token. Its address:')
  line(toHex(assetAddress(loaf)))
  const cap = parseAmount('1000000', loafDecimals)
  const create = AbiFunction.encodeData(AbiFunction.fromAbi(factoryAbi, 'create'), [
    'Loaf of bread',
    'LOAF',
    loafDecimals,
    0n,
    cap,
    assetFlags.mintable,
    `0x${'00'.repeat(32)}`,
  ])
  await addBlock(
    store,
    generalBatch([callAll(store.chain, mira, [call(contractAddress('banyan/factory'), create)])]),
  )
}

function mint(amount: string) {
  const args = [toHex(mira.address), parseAmount(amount, loafDecimals)] as const
  return call(assetAddress(loaf), AbiFunction.encodeData(AbiFunction.fromAbi(tokenAbi, 'mint'), args))
}

function send(amount: string) {
  const args = [toHex(jun.address), parseAmount(amount, loafDecimals)] as const
  return call(assetAddress(loaf), AbiFunction.encodeData(AbiFunction.fromAbi(tokenAbi, 'transfer'), args))
}

export function showBalances({ chain }: ChainStore): void {
  title('Who has what now')
  const view = stateView(chain.state)
  for (const { name, address } of everybody) {
    const held = view.account(address)?.balance ?? 0n
    const loaves = view.balance(address, loaf)
    const tokens = loaves === 0n ? '' : `${formatAmount(loaves, loafDecimals)} LOAF`
    line(`${name.padEnd(6)}${figs(held).padEnd(26)}${tokens}`.trimEnd())
  }
  note(`Theo proposes the blocks and gets the tips; fees beyond them go to a pool.`)
  note(`One FIG is 10^${figDecimals} pip.`)
}
