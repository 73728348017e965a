import { banyanError, type ErrorName, errorRegistry, registryError, toHex } from '@banyan/base'
import { assetAddress, tokenAbi } from '@banyan/contracts'
import { isError, JsonRpcProvider, Wallet } from 'ethers'
import {
  BaseError,
  ContractFunctionRevertedError,
  createPublicClient,
  createWalletClient,
  defineChain,
  encodeAbiParameters,
  http,
  type LocalAccount,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterEach, expect, test } from 'vitest'
import { chainId, people, secrets } from './instant-chain.js'
import { serve } from './servers.js'

const served = await serve()
const { instant, rpc } = served
const chain = defineChain({
  id: chainId,
  name: 'Instant',
  nativeCurrency: { name: 'Fig', symbol: 'FIG', decimals: 18 },
  rpcUrls: { default: { http: [served.url] } },
})
const transport = http(served.url, { retryCount: 0 })
const client = createPublicClient({ chain, transport })
const account = privateKeyToAccount(toHex(secrets[0]!))
const walletOf = (owner: LocalAccount) => createWalletClient({ chain, transport, account: owner })
const to = toHex(people[1]!)

afterEach(() => {
  instant.refusal = undefined
})

/** Names of the errors within what viem throws. */
async function namesOf(attempt: Promise<unknown>): Promise<string[]> {
  const error = await attempt.then(
    () => expect.fail('it was accepted'),
    (thrown: unknown) => thrown,
  )
  const names: string[] = []
  if (error instanceof BaseError) error.walk((inner) => names.push((inner as Error).name) < 0)
  return names
}

const fixed = { to, gas: 60_000n, maxFeePerGas: 10n ** 9n, maxPriorityFeePerGas: 0n } as const

test('SDK-4: real refusals reach viem as its own classes', async () => {
  const sender = walletOf(account)
  const sent = await sender.sendTransaction({ ...fixed, nonce: 0 })
  await client.getTransactionReceipt({ hash: sent })
  const stranger = walletOf(privateKeyToAccount(`0x${'31'.repeat(32)}`))
  const cases: readonly (readonly [string, Promise<unknown>])[] = [
    ['NonceTooLowError', sender.sendTransaction({ ...fixed, nonce: 0 })],
    ['NonceTooHighError', sender.sendTransaction({ ...fixed, nonce: 9 })],
    ['InsufficientFundsError', stranger.sendTransaction({ ...fixed, nonce: 0 })],
    ['IntrinsicGasTooLowError', sender.sendTransaction({ ...fixed, nonce: 1, gas: 1_000n })],
    ['IntrinsicGasTooHighError', sender.sendTransaction({ ...fixed, nonce: 1, gas: 10n ** 9n })],
    ['FeeCapTooLowError', sender.sendTransaction({ ...fixed, nonce: 1, maxFeePerGas: 1n })],
  ]
  for (const [name, attempt] of cases) expect(await namesOf(attempt)).toContain(name)
})

const nodeErrors: Partial<Record<ErrorName, string>> = {
  TransactionTypeUnknown: 'TransactionTypeNotSupportedError',
  TransactionReplayed: 'NonceTooLowError',
  NonceTooLow: 'NonceTooLowError',
  NonceTooHigh: 'NonceTooHighError',
  FeeFundsInsufficient: 'InsufficientFundsError',
  FundsInsufficient: 'InsufficientFundsError',
  FeeLimitTooLow: 'FeeCapTooLowError',
  GasLimitTooLow: 'IntrinsicGasTooLowError',
  GasLimitTooHigh: 'IntrinsicGasTooHighError',
  TipAboveFee: 'TipAboveFeeCapError',
}

const transactionErrors = (Object.keys(errorRegistry) as ErrorName[]).filter(
  (name) => Math.floor(errorRegistry[name].code / 100) === 12,
)

test.each(transactionErrors)(
  'SDK-4: the refusal %s reaches viem with the right class, and our code',
  async (name) => {
    instant.refusal = registryError(name, {})
    const names = await namesOf(walletOf(account).sendTransaction({ ...fixed, nonce: 1 }))
    expect(names[0]).toBe('TransactionExecutionError')
    expect(names[1]).toBe(nodeErrors[name] ?? 'TransactionRejectedRpcError')
    const { error } = await rpc('eth_sendRawTransaction', '0x01')
    const { code, cause, fix } = errorRegistry[name]
    expect(error?.data).toMatchObject({
      code: `BYN-${code}`,
      name,
      cause,
      fix,
      docs: `docs/errors.md#byn-${code}`,
    })
    expect(error?.code).toBe(nodeErrors[name] === undefined ? -32003 : -32000)
  },
)

test('SDK-4: refusals of the mempool are worded as libraries know them', async () => {
  instant.refusal = banyanError('TransactionKnown', {})
  expect(await namesOf(walletOf(account).sendTransaction({ ...fixed, nonce: 1 }))).toContain(
    'NonceTooLowError',
  )
  instant.refusal = banyanError('ReplacementUnderpriced', { nonce: 1 })
  const provider = new JsonRpcProvider(served.url)
  const sent = new Wallet(toHex(secrets[0]!), provider).sendTransaction({
    to,
    nonce: 1,
    gasLimit: 60_000n,
    maxFeePerGas: 10n ** 9n,
    maxPriorityFeePerGas: 0n,
  })
  const error = await sent.catch((thrown: unknown) => thrown)
  expect(isError(error, 'REPLACEMENT_UNDERPRICED')).toBe(true)
  provider.destroy()
})

test('SDK-4: calls that fail reach viem as reverts with their reason, or as lack of funds', async () => {
  const olive = toHex(assetAddress(1 as never))
  const unknownMethod = client.call({ to: olive, data: '0x12345678' })
  expect(await namesOf(unknownMethod)).toContain('ExecutionRevertedError')
  const noContract = client.call({ to, data: '0x12345678' })
  expect(await namesOf(noContract)).toContain('ExecutionRevertedError')
  const poor = client.call({ account: toHex(new Uint8Array(20).fill(9)), to, value: 1n })
  expect(await namesOf(poor)).toContain('InsufficientFundsError')
  const pricey = client.estimateGas({ account: toHex(people[0]!), to, maxFeePerGas: 10n ** 20n })
  expect(await namesOf(pricey)).toContain('InsufficientFundsError')
  const deploy = client.call({ data: '0x6000' })
  expect(await namesOf(deploy)).toContain('CallExecutionError')
})

test('SDK-4: a panic and a custom error keep the form of Solidity', async () => {
  const olive = toHex(assetAddress(1 as never))
  const mint = (caller: `0x${string}`, value: bigint) =>
    client.simulateContract({
      address: olive,
      abi: tokenAbi,
      functionName: 'mint',
      args: [to, value],
      account: caller,
    })
  const dataOf = async (attempt: Promise<unknown>) => {
    const error = await attempt.catch((thrown: unknown) => thrown)
    return (error as BaseError).walk((inner) => inner instanceof ContractFunctionRevertedError)
  }
  const issuer = toHex(people[0]!)
  expect(await dataOf(mint(issuer, 2n ** 256n - 1n))).toMatchObject({
    data: { errorName: 'Panic', args: [0x11n] },
  })
  const stranger = dataOf(mint(to, 1n))
  expect(await stranger).toMatchObject({ data: { errorName: 'OwnableUnauthorizedAccount' } })
})

test('SDK-4: a revert without an error of its own has its reason as Error(string)', async () => {
  const olive = toHex(assetAddress(1 as never))
  const unknown = await rpc('eth_call', { to: olive, data: '0x12345678' }, 'latest')
  expect(unknown.error).toMatchObject({ code: 3, data: { code: 'BYN-1302' } })
  const text = encodeAbiParameters(
    [{ type: 'string' }],
    [String(unknown.error?.message).replace('execution reverted: ', '')],
  )
  expect(unknown.error?.data['data']).toBe(`0x08c379a0${text.slice(2)}`)
})

test('SDK-4: a call that needs more gas than it may have is told apart from a revert', async () => {
  const olive = toHex(assetAddress(1 as never))
  const call = { to: olive, data: '0x06fdde03', gas: '0x1c00' }
  const { error } = await rpc('eth_call', call, 'latest')
  expect(error?.message).toMatch(/^(out of gas|intrinsic gas too low)/)
  const estimate = await rpc('eth_estimateGas', { ...call, gas: '0x1f00' })
  expect(estimate.error?.message).toMatch(/^(gas required exceeds allowance|intrinsic gas too low)/)
})
