import {
  callContract,
  createdToken,
  createToken,
  decodeRevert,
  encodeCall,
  getAsset,
  getAssets,
  getBalance,
  getBalances,
  getLogs,
  mintToken,
  pauseToken,
  readContract,
  send,
  tokenAbi,
  tokenAddress,
  unpauseToken,
} from '@banyan/sdk'
import { encodeFunctionData } from 'viem'
import { expect, test } from 'vitest'
import { alice, bob, clientOf, freshAddress, useNode } from './node.js'

const node = useNode()

test('SDK-1: an asset is created, made, paused and moved', async () => {
  const client = clientOf(node, alice)
  const token = {
    name: 'Olive',
    symbol: 'OLV',
    decimals: 2,
    initialSupply: 100n,
    cap: 1_000n,
    pausable: true,
  }
  const asset = createdToken(await createToken(client, { token }).final)!
  expect(await getAsset(client, { asset })).toMatchObject({
    asset,
    symbol: 'OLV',
    supply: 100n,
    cap: 1_000n,
    flags: 5,
  })
  expect((await getAssets(client)).items.map(({ symbol }) => symbol)).toEqual(['FIG', 'OLV'])
  const to = freshAddress()
  await mintToken(client, { asset, to: bob.address, amount: 50n }).final
  await send(client, { asset, to, amount: 30n }).final
  await send(clientOf(node, bob), { asset, to, amount: 20n }).final
  expect(await getBalance(client, { address: to, asset })).toBe(50n)
  expect(await getBalances(client, { address: to })).toEqual([{ asset, balance: 50n }])
  await pauseToken(client, { asset }).final
  await expect(send(client, { asset, to, amount: 1n }).final).rejects.toMatchObject({ kind: 'AssetPaused' })
  await unpauseToken(client, { asset }).final
  const { items } = await getLogs(client, { from: 0, addresses: [tokenAddress(asset)] })
  expect(items.length).toBeGreaterThanOrEqual(5)
})

test('SDK-1: contracts are read and called by their ABI, and say why they refuse', async () => {
  const client = clientOf(node, bob)
  const fig = tokenAddress(0)
  const of = { abi: tokenAbi, address: fig } as const
  const name: string = await readContract(client, { ...of, name: 'name' })
  expect(name).toBe('FIG')
  const spender = freshAddress()
  await callContract(client, { ...of, name: 'approve', args: [spender, 7n] }).final
  const allowed: bigint = await readContract(client, {
    ...of,
    name: 'allowance',
    args: [bob.address, spender],
  })
  expect(allowed).toBe(7n)
  const call = { ...of, name: 'transferFrom', args: [alice.address, spender, 5n] } as const
  expect(encodeCall(call)).toBe(
    encodeFunctionData({ abi: tokenAbi, functionName: 'transferFrom', args: call.args }),
  )
  const refusal = await readContract(client, { ...call, from: bob.address }).catch((error: unknown) => error)
  expect(refusal).toMatchObject({ kind: 'ExecutionReverted' })
  const { details } = refusal as { details: { data: `0x${string}` } }
  expect(decodeRevert(tokenAbi, details.data)).toEqual({
    name: 'ERC20InsufficientAllowance',
    args: [expect.any(String), 0n, 5n],
  })
  expect(() => encodeCall({ ...of, name: 'nothing' as 'pause' })).toThrow('no function named nothing')
  expect(() => encodeCall({ ...of, name: 'burn', args: ['x' as never] })).toThrow('The argument args')
})
