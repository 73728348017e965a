import { toHex } from '@banyan/base'
import { assetAddress, contractAddress } from '@banyan/contracts'
import { Contract, isError, JsonRpcProvider, parseEther, Wallet, WebSocketProvider } from 'ethers'
import { afterAll, expect, test } from 'vitest'
import { chainId, people, secrets } from './instant-chain.js'
import { serve } from './servers.js'

const served = await serve()
const provider = new JsonRpcProvider(served.url, undefined, { pollingInterval: 20, cacheTimeout: -1 })
const wallet = new Wallet(toHex(secrets[0]!), provider)
const olive = new Contract(
  toHex(assetAddress(1 as never)),
  [
    'function balanceOf(address) view returns (uint256)',
    'function transfer(address to, uint256 value) returns (bool)',
    'event Transfer(address indexed from, address indexed to, uint256 value)',
    'error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)',
  ],
  wallet,
)

afterAll(() => provider.destroy())

test('SDK-4: ethers sends a payment, waits for it and reads it back', async () => {
  expect((await provider.getNetwork()).chainId).toBe(BigInt(chainId))
  const to = toHex(people[1]!)
  const before = await provider.getBalance(to)
  const sent = await wallet.sendTransaction({ to, value: parseEther('2') })
  const receipt = await sent.wait()
  expect(receipt).toMatchObject({ status: 1, hash: sent.hash, type: 2 })
  expect(await provider.getBalance(to)).toBe(before + parseEther('2'))
  const block = await provider.getBlock(receipt!.blockNumber, true)
  expect(block?.prefetchedTransactions.map(({ hash }) => hash)).toEqual([sent.hash])
  expect((await provider.getTransaction(sent.hash))?.signature.v).toBeGreaterThanOrEqual(27)
})

test('SDK-4: ethers calls a token, sends to it, and finds its events', async () => {
  const balanceOf = olive.getFunction('balanceOf')
  const transfer = olive.getFunction('transfer')
  expect(await balanceOf(wallet.address)).toBe(7_000_000n)
  const sent = await transfer(toHex(people[2]!), 5n)
  await sent.wait()
  const events = await olive.queryFilter(olive.filters['Transfer']!(null, toHex(people[2]!)), 0)
  expect(events).toHaveLength(1)
  expect(await transfer.staticCall(toHex(people[2]!), 5n)).toBe(true)
})

test('SDK-4: ethers decodes custom errors of calls and of estimates', async () => {
  const transfer = olive.getFunction('transfer')
  const caught = (attempt: Promise<unknown>) => attempt.catch((thrown: unknown) => thrown)
  const called = await caught(transfer.staticCall(toHex(people[2]!), 10n ** 20n))
  expect(isError(called, 'CALL_EXCEPTION')).toBe(true)
  expect(called).toMatchObject({ revert: { name: 'ERC20InsufficientBalance' } })
  const estimated = await caught(transfer.estimateGas(toHex(people[2]!), 10n ** 20n))
  expect(isError(estimated, 'CALL_EXCEPTION')).toBe(true)
  expect(estimated).toMatchObject({ data: expect.stringMatching(/^0xe450d38c/) })
})

test('SDK-4: ethers names what is wrong with a transaction', async () => {
  const nonce = await provider.getTransactionCount(wallet.address)
  const fields = {
    to: toHex(people[1]!),
    gasLimit: 60_000n,
    maxFeePerGas: 10n ** 9n,
    maxPriorityFeePerGas: 0n,
  }
  const low = wallet.sendTransaction({ ...fields, nonce: nonce - 1 })
  expect(isError(await low.catch((thrown: unknown) => thrown), 'NONCE_EXPIRED')).toBe(true)
  const poor = new Wallet(`0x${'12'.repeat(32)}`, provider)
  const broke = poor.sendTransaction({ ...fields, nonce: 0 })
  expect(isError(await broke.catch((thrown: unknown) => thrown), 'INSUFFICIENT_FUNDS')).toBe(true)
})

test('SDK-4: ethers reads transactions of our own types', async () => {
  const { instant } = served
  const { signTransfer, encodeTransfer } = await import('@banyan/ledger')
  const crypto = instant.node.identity.provider
  const transfer = signTransfer(
    crypto,
    instant.chain.domains.transfer,
    {
      mark: instant.chain.head.id,
      payee: people[1]!,
      asset: 1 as never,
      nonce: 2n ** 63n,
      amount: 9n,
      maxFee: 1_000_000,
      tip: 0,
      validUntil: BigInt(instant.chain.head.header.height + 5) as never,
    },
    new Uint8Array(32).fill(1),
  )
  const hash = await provider.send('eth_sendRawTransaction', [toHex(encodeTransfer(transfer))])
  const response = await provider.getTransaction(hash)
  expect(response).toMatchObject({ type: 0x7a, nonce: 0, value: 0n })
  expect(response?.data.startsWith('0xa9059cbb')).toBe(true)
  const receipt = await provider.getTransactionReceipt(hash)
  expect(receipt).toMatchObject({ type: 0x7a, status: 1 })
  const parsed = olive.interface.parseLog(receipt!.logs[0]!)
  expect(parsed?.args.toArray()).toMatchObject([expect.any(String), expect.any(String), 9n])
})

test('SDK-4: ethers gets blocks and events over WebSocket', async () => {
  const live = new WebSocketProvider(served.wsUrl)
  const heights: number[] = []
  const values: bigint[] = []
  await live.on('block', (height: number) => heights.push(height))
  const token = olive.connect(live) as Contract
  await token.on('Transfer', (_from, _to, value: bigint) => values.push(value))
  const transfer = olive.getFunction('transfer')
  for (let round = 1n; heights.length < 2 || values.length < 2; round++) {
    await (await transfer(toHex(people[2]!), round)).wait()
  }
  expect(values).toEqual([...values].sort((a, b) => Number(a - b)))
  expect(await live.getCode(toHex(contractAddress('banyan/factory')))).not.toBe('0x')
  await live.destroy()
})
