import type { Hex } from '@banyan/base'
import type { GasVector, Log } from '@banyan/ledger'
import type { BlockRecord } from '../../history.js'
import type { NodeApi } from '../../port.js'
import { data, quantity } from '../quantities.js'
import { logsBloom, maxBloomLogs } from './bloom.js'

/** A block as Ethereum's JSON-RPC shows it, but for its transactions. */
export type HeaderShape = Readonly<Record<string, unknown>>

const zeroHash = `0x${'00'.repeat(32)}`
/** Hash of an empty list of uncles, as every block since The Merge has it (EIP-3675). */
const noUncles = '0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347'

/** Gas of a block over all dimensions: what `gasUsed` cannot exceed. */
export function totalGasLimit({ compute, bytes, state }: GasVector): number {
  return compute + bytes + state
}

/** The header of a block. Time is in seconds here; milliseconds stand beside it. */
export async function headerShape(node: NodeApi, block: BlockRecord): Promise<HeaderShape> {
  const { header, id, gasUsed, baseFee } = block
  return {
    number: quantity(header.height),
    hash: data(id),
    parentHash: data(header.parentId),
    nonce: '0x0000000000000000',
    sha3Uncles: noUncles,
    logsBloom: await bloomOf(node, block),
    transactionsRoot: data(header.payloadRoot),
    stateRoot: data(header.stateRoot),
    receiptsRoot: data(header.receiptsRoot),
    miner: data(header.proposer),
    difficulty: '0x0',
    totalDifficulty: '0x0',
    extraData: '0x',
    gasLimit: quantity(totalGasLimit(node.identity.gasLimit)),
    gasUsed: quantity(gasUsed),
    timestamp: quantity(header.timestamp / 1000n),
    timestampMillis: quantity(header.timestamp),
    mixHash: zeroHash,
    baseFeePerGas: quantity(baseFee),
  }
}

/** The whole block: `transactions` are ids or transactions in Ethereum's form. */
export async function blockShape(
  node: NodeApi,
  block: BlockRecord,
  transactions: readonly unknown[],
): Promise<HeaderShape> {
  const header = await headerShape(node, block)
  return { ...header, size: quantity(block.size), uncles: [], transactions }
}

async function bloomOf(node: NodeApi, { header, included }: BlockRecord): Promise<Hex> {
  const { provider } = node.identity
  if (included === 0) return logsBloom(provider, [])
  const all = { from: header.height, to: header.height, addresses: [], topics: [], limit: maxBloomLogs + 1 }
  const { logs } = await node.history.logs(all)
  return logsBloom(
    provider,
    logs.map(({ log }): Log => log),
  )
}
