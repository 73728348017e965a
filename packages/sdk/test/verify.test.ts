import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { asAddress, fromHex } from '@banyan/base'
import { createClient, getBalance, getReceipt, getStatus, send, tokenAddress } from '@banyan/sdk'
import { createVerifier, type Trust } from '@banyan/sdk/verify'
import { expect, test } from 'vitest'
import { alice, bob, carol, clientOf, startBalance, useNode } from './node.js'

const node = useNode()

/** What a user has from elsewhere than the node. */
async function trustOf(): Promise<Trust> {
  const { genesisId, chainId } = await getStatus(clientOf(node))
  const text = await readFile(join(node.cluster().folder, 'genesis.json'), 'utf8')
  const { validators, consensus } = JSON.parse(text) as {
    readonly validators: readonly (Record<'address' | 'ed25519Key' | 'blsKey', string> & { weight: number })[]
    readonly consensus: { readonly epochBlocks: number; readonly quorumRule: 'byzantine' }
  }
  const { epochBlocks, quorumRule } = consensus
  const committee = validators.map(({ address, ed25519Key, blsKey, weight }) => ({
    address: asAddress(fromHex(address)!),
    ed25519Key: fromHex(ed25519Key)!,
    blsKey: fromHex(blsKey)!,
    weight,
  }))
  return { chainId, genesisId, epochBlocks, quorumRule, start: { validators: committee } }
}

test('SDK-2: balances and receipts are proven in the same call that asks for them, and lies are refused', async () => {
  const client = clientOf(node)
  const verify = createVerifier(client, await trustOf())
  expect(await getBalance(client, { address: alice.address, verify })).toBe(startBalance)
  expect(await getBalance(client, { address: carol.address, verify })).toBe(0n)
  const data = `0x095ea7b3${alice.address.slice(2).padStart(64, '0')}${'1'.padStart(64, '0')}` as const
  const { id } = await send(clientOf(node, bob), { calls: [{ to: tokenAddress(0), data }] }).final
  const receipt = await getReceipt(client, { id })
  expect(receipt.logs.length).toBe(1)
  expect(await getReceipt(client, { id, verify })).toEqual(receipt)

  const lying: typeof fetch = async (input, init) => {
    const answer = await (await fetch(input, init)).text()
    return new Response(answer.replaceAll(alice.address.slice(2), carol.address.slice(2)))
  }
  const liar = createClient({ url: node.url(), fetch: lying })
  const believed = await getReceipt(liar, { id })
  expect(believed).not.toEqual(receipt)
  await expect(getReceipt(liar, { id, verify })).rejects.toMatchObject({ kind: 'AnswerStrange' })
})
