import { formatAmount } from '@banyan/base'
import {
  callContract,
  connectWallet,
  createClient,
  getBalance,
  getStatus,
  readContract,
  send,
  tokenAbi,
  tokenAddress,
} from '@banyan/sdk'
import { type Cluster, startCluster } from '@banyan/testing/cluster'
import { createWalletDouble } from '@banyan/testing/wallet-double'
import { createWalletClient, custom, parseSignature, recoverMessageAddress } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { alice, freshAddress, oneFig } from './node.js'

/** A double of a wallet before a real network, and the same network made anew, as `banyan reset` does. */

const secret = generatePrivateKey()
const owner = privateKeyToAccount(secret).address.toLowerCase() as `0x${string}`
const clusters: Cluster[] = []

async function network(chainId: number): Promise<{ readonly url: string }> {
  const cluster = await startCluster({
    validators: 1,
    accounts: [alice.address, owner].map((address) => ({ address, balance: formatAmount(100n * oneFig) })),
    plan: { blockInterval: 50, heartbeat: 100, chainId },
  })
  clusters.push(cluster)
  return { url: cluster.node(0).rpc }
}

let before: { readonly url: string }
beforeAll(async () => {
  before = await network(7_001)
})
afterAll(async () => {
  for (const cluster of clusters) await cluster.close()
})

const kindOf = (sending: Promise<unknown>) =>
  sending.then(
    () => 'none',
    (error: unknown) => (error as { readonly kind?: unknown }).kind,
  )

test('SDK-4: a wallet adds the chain by its rules, and refuses what breaks them', async () => {
  const { provider } = createWalletDouble(secret)
  const add = (changes: object) => {
    const nativeCurrency = { name: 'Fig', symbol: 'FIG', decimals: 18 }
    const chain = { chainId: '0x1b59', chainName: 'Banyan', rpcUrls: [`${before.url}/rpc`], nativeCurrency }
    const params = [{ ...chain, ...changes }]
    return provider.request({ method: 'wallet_addEthereumChain', params })
  }
  const refused = { code: -32_602 }
  for (const changes of [
    { nativeCurrency: { name: 'Fig', symbol: 'FIG', decimals: 6 } },
    { nativeCurrency: { name: 'Fig', symbol: 'FIGGIES', decimals: 18 } },
    { chainId: '0x1b5a' },
    { chainId: '0x01b59' },
    { chainId: '7001' },
    { rpcUrls: ['http://example.com'] },
    { chainName: '' },
    { isOurs: true },
  ]) {
    await expect(add(changes), JSON.stringify(changes)).rejects.toMatchObject(refused)
  }
  expect(await provider.request({ method: 'eth_chainId' })).toBe('0x1')
  const changed: unknown[] = []
  provider.on('chainChanged', (chainId) => changed.push(chainId))
  expect(await add({})).toBeNull()
  expect(changed).toEqual(['0x1b59'])
  await expect(provider.request({ method: 'eth_sign' })).rejects.toMatchObject({ code: 4200 })
})

test('SDK-4: a wallet connects, pays, and tells when its person says no', async () => {
  const wallet = createWalletDouble(secret)
  const client = createClient({ url: before.url })
  wallet.refuse('eth_requestAccounts')
  expect(await kindOf(connectWallet(client, { wallet }))).toBe('ConfirmationRefused')
  const payment = { from: owner, to: owner, value: '0x1' }
  const early = wallet.provider.request({ method: 'eth_sendTransaction', params: [payment] })
  await expect(early).rejects.toMatchObject({ code: 4100 })
  wallet.refuse('wallet_addEthereumChain')
  expect(await kindOf(connectWallet(client, { wallet }))).toBe('ConfirmationRefused')
  wallet.refuse(undefined)
  const account = await connectWallet(client, { wallet })
  expect(account.address).toBe(owner)

  const to = freshAddress()
  wallet.refuse('eth_sendTransaction')
  expect(await kindOf(send(client, { account, to, amount: oneFig }).final)).toBe('ConfirmationRefused')
  wallet.refuse(undefined)
  for (const amount of [oneFig, 2n * oneFig]) await send(client, { account, to, amount }).final
  expect(await getBalance(client, { address: to })).toBe(3n * oneFig)
  const tooMuch = send(client, { account, to, amount: 1_000n * oneFig })
  expect(await kindOf(tooMuch.final)).toBe('WalletFailed')
})

test('SDK-4: signatures of a wallet prove who signs in, and permit what is spent', async () => {
  const wallet = createWalletDouble(secret)
  const client = createClient({ url: before.url })
  const { address } = await connectWallet(client, { wallet })
  const viem = createWalletClient({ account: address, transport: custom(wallet.provider as never) })
  const message = `localhost wants you to sign in\n${address}`
  const signature = await viem.signMessage({ message })
  expect((await recoverMessageAddress({ message, signature })).toLowerCase()).toBe(owner)

  // ERC-2612: the wallet's owner permits alice to spend, and pays no fee for it.
  const verifyingContract = tokenAddress(0)
  const contract = { abi: tokenAbi, address: verifyingContract }
  const { chainId } = await getStatus(client)
  const name = await readContract(client, { ...contract, name: 'name' })
  const nonce = await readContract(client, { ...contract, name: 'nonces', args: [owner] })
  const deadline = 4_102_444_800n
  const fields = {
    owner: 'address',
    spender: 'address',
    value: 'uint256',
    nonce: 'uint256',
    deadline: 'uint256',
  }
  const typed = {
    domain: { name, version: '1', chainId, verifyingContract },
    types: { Permit: Object.entries(fields).map(([field, type]) => ({ name: field, type })) },
    primaryType: 'Permit',
    message: { owner, spender: alice.address, value: 5n, nonce, deadline },
  } as const
  const { r, s, v } = parseSignature(await viem.signTypedData(typed))
  const args = [owner, alice.address, 5n, deadline, Number(v), r, s] as const
  const spender = createClient({ url: before.url, account: alice })
  await callContract(spender, { ...contract, name: 'permit', args }).final
  expect(await readContract(client, { ...contract, name: 'allowance', args: [owner, alice.address] })).toBe(
    5n,
  )

  const elsewhere = { ...typed, domain: { ...typed.domain, chainId: 1 } }
  await expect(viem.signTypedData(elsewhere)).rejects.toMatchObject({ message: /for chain 1/ })
})

test('SDK-4: after a reset the chain has another id, so a wallet with old numbers goes on at once', async () => {
  const wallet = createWalletDouble(secret)
  const old = createClient({ url: before.url })
  const first = await connectWallet(old, { wallet })
  await send(old, { account: first, to: freshAddress(), amount: 1n }).final

  const after = await network(7_002)
  const client = createClient({ url: after.url })
  const account = await connectWallet(client, { wallet })
  expect(await wallet.provider.request({ method: 'eth_chainId' })).toBe('0x1b5a')
  const to = freshAddress()
  await send(client, { account, to, amount: 1n }).final
  expect(await getBalance(client, { address: to })).toBe(1n)
  // Back on the first one it is known already.
  const times = () => wallet.asked().filter((method) => method === 'wallet_addEthereumChain').length
  const added = times()
  await connectWallet(old, { wallet })
  expect(times()).toBe(added)
})
