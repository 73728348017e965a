import { type Hex, hexToBigInt, hexToNumber, type TypedDataDefinition } from 'viem'
import type { PrivateKeyAccount } from 'viem/accounts'
import type { KnownChain } from './chains.js'
import { providerError, type Rpc } from './request.js'

type Asked = Readonly<Partial<Record<'to' | 'data' | 'value' | 'gas' | 'chainId', Hex>>>

/** Fills in nonce, gas and fees as wallets do, signs, and sends. `nonces` is what the wallet remembers for each chain. */
export async function sendTransaction(
  account: PrivateKeyAccount,
  { url, chainId }: KnownChain,
  transaction: Asked,
  nonces: Map<string, number>,
  rpc: Rpc,
): Promise<unknown> {
  const ask = async (method: string, params: readonly unknown[]) => (await rpc(url, method, params)) as Hex
  if (transaction.chainId !== undefined && transaction.chainId !== chainId)
    throw providerError(-32602, `The transaction is for ${transaction.chainId}, the wallet is on ${chainId}.`)
  const { to, data = '0x', value = '0x0' } = transaction
  const from = account.address
  const [block, tip, count, gas] = await Promise.all([
    rpc(url, 'eth_getBlockByNumber', ['latest', false]) as Promise<{ readonly baseFeePerGas?: Hex }>,
    ask('eth_maxPriorityFeePerGas', []),
    ask('eth_getTransactionCount', [from, 'latest']),
    transaction.gas ?? ask('eth_estimateGas', [{ from, to, data, value }]),
  ])
  if (block.baseFeePerGas === undefined)
    throw providerError(-32603, 'The blocks of this chain have no base fee.')
  // What it has sent itself counts even if the node does not know of it: a chain that began anew under its old id would wait for ever.
  const nonce = Math.max(hexToNumber(count), nonces.get(chainId) ?? 0)
  const signed = await account.signTransaction({
    type: 'eip1559',
    chainId: hexToNumber(chainId as Hex),
    nonce,
    gas: (hexToBigInt(gas) * 3n) / 2n,
    maxPriorityFeePerGas: hexToBigInt(tip),
    maxFeePerGas: 2n * hexToBigInt(block.baseFeePerGas) + hexToBigInt(tip),
    value: hexToBigInt(value),
    data,
    ...(to !== undefined && { to }),
  })
  const id = await ask('eth_sendRawTransaction', [signed])
  nonces.set(chainId, nonce + 1)
  return id
}

/** EIP-712, for the chain that the wallet is on only. */
export async function signTypedData(
  account: PrivateKeyAccount,
  { chainId }: KnownChain,
  text: unknown,
): Promise<Hex> {
  const typed = JSON.parse(String(text)) as TypedDataDefinition
  const wanted = typed.domain?.chainId
  if (wanted !== undefined && BigInt(wanted) !== BigInt(chainId))
    throw providerError(-32602, `The data are for chain ${wanted}, the wallet is on ${BigInt(chainId)}.`)
  return account.signTypedData(typed)
}
