import { toHex } from '@banyan/base'
import { assetAddress, contractAddress, factoryAbi, tokenAbi } from '@banyan/contracts'
import {
  BaseError,
  type ContractFunctionRevertedError,
  createPublicClient,
  createWalletClient,
  defineChain,
  getAddress,
  http,
  parseEther,
  parseEventLogs,
  webSocket,
  zeroAddress,
  zeroHash,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, expect, test } from 'vitest'
import { chainId, createInstantChain, people, secrets, wallets } from './instant-chain.js'
import { serve } from './servers.js'
import { packageOf, transferOf } from './signed.js'

const served = await serve()
const { instant } = served
const chain = defineChain({
  id: chainId,
  name: 'Instant',
  nativeCurrency: { name: 'Fig', symbol: 'FIG', decimals: 18 },
  rpcUrls: { default: { http: [served.url], webSocket: [served.wsUrl] } },
})
const transport = http(served.url, { retryCount: 0 })
const options = { chain, transport, pollingInterval: 20 } as const
const client = createPublicClient(options)
const account = privateKeyToAccount(toHex(secrets[0]!))
const wallet = createWalletClient({ ...options, account })
const olive = toHex(assetAddress(1 as never))
const factory = toHex(contractAddress('banyan/factory'))

/** Does something again and again until it shows: watchers start in the background, at some time. */
const repeatUntil = async (holds: () => boolean, act: () => Promise<unknown>): Promise<void> => {
  while (!holds()) {
    await act()
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

test('SDK-4: viem sends a payment with a local key, waits for it and reads it back', async () => {
  const to = getAddress(toHex(people[1]!))
  const before = await client.getBalance({ address: to })
  const hash = await wallet.sendTransaction({ to, value: parseEther('1.5') })
  const receipt = await client.waitForTransactionReceipt({ hash })
  expect(receipt).toMatchObject({
    status: 'success',
    transactionHash: hash,
    contractAddress: null,
    type: 'eip1559',
  })
  expect(receipt.from).toBe(account.address.toLowerCase())
  expect(await client.getBalance({ address: to })).toBe(before + parseEther('1.5'))
  const transaction = await client.getTransaction({ hash })
  expect(transaction).toMatchObject({
    value: parseEther('1.5'),
    blockHash: receipt.blockHash,
    typeHex: '0x2',
    chainId,
  })
  const paid = receipt.gasUsed * receipt.effectiveGasPrice
  expect(await client.getBalance({ address: account.address })).toBe(
    parseEther('1000') - parseEther('1.5') - paid,
  )
  const block = await client.getBlock({ blockHash: receipt.blockHash, includeTransactions: true })
  expect(block.transactions[0]?.hash).toBe(hash)
  expect(block.baseFeePerGas).toBeGreaterThan(0n)
  expect(await client.getTransactionCount({ address: account.address })).toBe(1)
})

test('SDK-4: viem prepares a transaction with what eth_fillTransaction fills in', async () => {
  const prepared = await wallet.prepareTransactionRequest({ to: zeroAddress, value: 1n })
  const nonce = await client.getTransactionCount({ address: account.address, blockTag: 'pending' })
  expect(prepared).toMatchObject({ nonce, type: 'eip1559', chainId })
  expect(prepared.gas).toBeGreaterThan(5_000n)
  expect(prepared.maxFeePerGas).toBeGreaterThan(0n)
  const estimated = await client.estimateGas({ account, to: zeroAddress, value: 1n })
  expect(prepared.gas).toBe(estimated)
})

test('SDK-4: viem reads, simulates and writes an ERC-20 token, and gets its events', async () => {
  const token = { address: olive, abi: tokenAbi } as const
  expect(await client.readContract({ ...token, functionName: 'symbol' })).toBe('OLV')
  expect(await client.readContract({ ...token, functionName: 'balanceOf', args: [account.address] })).toBe(
    7_000_000n,
  )
  const to = getAddress(`0x${'77'.repeat(20)}`)
  const { request, result } = await client.simulateContract({
    ...token,
    functionName: 'transfer',
    args: [to, 1_000n],
    account,
  })
  expect(result).toBe(true)
  const hash = await wallet.writeContract(request)
  const receipt = await client.waitForTransactionReceipt({ hash })
  expect(receipt.status).toBe('success')
  const events = await client.getContractEvents({
    ...token,
    eventName: 'Transfer',
    args: { to },
    fromBlock: 0n,
  })
  expect(events.map(({ args }) => args)).toEqual([{ from: getAddress(account.address), to, value: 1_000n }])
  expect(events[0]).toMatchObject({ transactionHash: hash, logIndex: 0, blockHash: receipt.blockHash })
})

test('SDK-4: viem creates an asset by the factory, which runs alone, with the gas that was estimated', async () => {
  const args = ['Fir', 'FIR', 2, 100n, 100n, 0, zeroHash] as const
  const { request, result } = await client.simulateContract({
    address: factory,
    abi: factoryAbi,
    functionName: 'create',
    args,
    account,
  })
  const receipt = await client.waitForTransactionReceipt({ hash: await wallet.writeContract(request) })
  expect(receipt.status).toBe('success')
  expect(await client.readContract({ address: result, abi: tokenAbi, functionName: 'name' })).toBe('Fir')
  expect((await client.getCode({ address: result }))?.length).toBeGreaterThan(2)
  expect(await client.getCode({ address: account.address })).toBeUndefined()
})

test('SDK-4: viem decodes the custom error of a call that would fail', async () => {
  const failing = client.simulateContract({
    address: olive,
    abi: tokenAbi,
    functionName: 'transfer',
    args: [account.address, 10n ** 12n],
    account: toHex(people[2]!),
  })
  const error = await failing.catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(BaseError)
  const cause = (error as BaseError).walk(
    (inner) => (inner as Error).name === 'ContractFunctionRevertedError',
  )
  const { data } = cause as ContractFunctionRevertedError
  expect(data?.errorName).toBe('ERC20InsufficientBalance')
  expect(data?.args?.slice(1)).toEqual([0n, 10n ** 12n])
})

test('SDK-4: viem watches blocks, events and waiting transactions by filters', async () => {
  const blocks: bigint[] = []
  const transfers: unknown[] = []
  const waiting: string[] = []
  const onError = (error: Error) => {
    throw error
  }
  const stops = [
    client.watchBlockNumber({ onBlockNumber: (height) => blocks.push(height), onError }),
    client.watchContractEvent({
      address: olive,
      abi: tokenAbi,
      eventName: 'Transfer',
      onLogs: (logs) => transfers.push(...logs.map(({ args }) => args.value)),
      onError,
    }),
    client.watchPendingTransactions({ onTransactions: (hashes) => waiting.push(...hashes), onError }),
  ]
  const transfer = { address: olive, abi: tokenAbi, functionName: 'transfer' } as const
  const sent: string[] = []
  await repeatUntil(
    () => transfers.length > 1 && waiting.length > 1 && blocks.length > 0,
    async () =>
      sent.push(await wallet.writeContract({ ...transfer, args: [numbered(1), BigInt(sent.length)] })),
  )
  for (const stop of stops) stop()
  const values = sent.map((_, i) => BigInt(i))
  expect(transfers).toEqual(values.slice(-transfers.length))
  expect(sent).toEqual(expect.arrayContaining(waiting))
})

test('SDK-4: viem subscribes to heads and logs over WebSocket, and sends over it', async () => {
  const socket = webSocket(served.wsUrl, { reconnect: false, retryCount: 0 })
  const live = createPublicClient({ chain, transport: socket })
  const heads: bigint[] = []
  const logs: unknown[] = []
  const waiting: string[] = []
  const stops = [
    live.watchBlocks({ onBlock: (block) => heads.push(block.number) }),
    live.watchContractEvent({
      address: olive,
      abi: tokenAbi,
      eventName: 'Transfer',
      onLogs: (found) => logs.push(...found.map(({ args }) => args.value)),
    }),
    live.watchPendingTransactions({ onTransactions: (hashes) => waiting.push(...hashes) }),
  ]
  const sender = createWalletClient({ account, chain, transport: socket })
  const transfer = { address: olive, abi: tokenAbi, functionName: 'transfer' } as const
  const sent: `0x${string}`[] = []
  await repeatUntil(
    () => heads.length > 1 && logs.length > 1 && waiting.length > 1,
    async () =>
      sent.push(await sender.writeContract({ ...transfer, args: [numbered(2), BigInt(sent.length)] })),
  )
  for (const stop of stops) stop()
  const values = sent.map((_, i) => BigInt(i))
  expect(logs).toEqual(values.slice(-logs.length))
  expect(sent).toEqual(expect.arrayContaining(waiting))
  expect(heads).toContain((await client.getTransactionReceipt({ hash: sent.at(-1)! })).blockNumber)
  const rpc = await live.transport.getRpcClient()
  rpc.close()
})

test('SDK-4: viem reads blocks with transactions of our own types', async () => {
  instant.hold = true
  const sent = await instant.node.submit([transferOf(instant, { amount: 3n }), packageOf(instant, [1n, 2n])])
  instant.hold = false
  const { height } = instant.mine().header
  const block = await client.getBlock({ blockNumber: BigInt(height), includeTransactions: true })
  expect(block.transactions.map(({ hash }) => hash)).toEqual(sent.map(({ id }) => toHex(id!)))
  expect(block.transactions.map(({ typeHex, value }) => [typeHex, value])).toEqual([
    ['0x7a', 3n],
    ['0x7c', 0n],
  ])
  const receipt = await client.getTransactionReceipt({ hash: toHex(sent[1]!.id!) })
  expect(receipt.status).toBe('success')
  const values = parseEventLogs({ abi: tokenAbi, eventName: 'Transfer', logs: receipt.logs }).map(
    ({ args }) => args.value,
  )
  expect(values).toEqual([1n, 2n])
  expect(receipt.logs.map(({ logIndex }) => logIndex)).toEqual([1, 2])
})

test('SDK-4: viem reads the fees of past blocks and estimates those of the next', async () => {
  const history = await client.getFeeHistory({ blockCount: 4, rewardPercentiles: [25, 75] })
  expect(history.baseFeePerGas).toHaveLength(5)
  expect(history.gasUsedRatio).toHaveLength(4)
  expect(history.reward?.every((rewards) => rewards.length === 2)).toBe(true)
  const fees = await client.estimateFeesPerGas()
  expect(fees.maxFeePerGas).toBeGreaterThanOrEqual(history.baseFeePerGas[4]!)
  expect(await client.getGasPrice()).toBe(history.baseFeePerGas[4])
})

test('SDK-4: viem verifies messages: its verifier bytecode is answered so that it recovers the key itself', async () => {
  const message = 'Banyan'
  const signature = await account.signMessage({ message })
  expect(await client.verifyMessage({ address: account.address, message, signature })).toBe(true)
  expect(await client.verifyMessage({ address: toHex(wallets[1]!), message, signature })).toBe(false)
})

test('SDK-4: viem sees a payment of a chain whose nodes are free, and rows are charged all the same', async () => {
  const none = { compute: 0n, bytes: 0n, state: 0n }
  const { genesis } = instant.chain
  const free = createInstantChain({ fees: { ...genesis.fees, start: none, floor: none } })
  const { url } = await serve({}, free)
  const key = privateKeyToAccount(`0x${'99'.repeat(32)}`)
  const cheap = http(url, { retryCount: 0 })
  const sender = createWalletClient({ account: key, chain, transport: cheap })
  const reader = createPublicClient({ chain, transport: cheap, pollingInterval: 20 })
  const hash = await sender.sendTransaction({ to: toHex(people[0]!), value: 0n })
  const receipt = await reader.waitForTransactionReceipt({ hash })
  expect(receipt).toMatchObject({ status: 'success', effectiveGasPrice: 0n })
})

function numbered(byte: number): `0x${string}` {
  return `0x${byte.toString(16).padStart(40, '0')}`
}

afterAll(() => expect(instant.submissions.length).toBeGreaterThan(0))
