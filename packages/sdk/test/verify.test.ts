import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createClient, getBalance, getBlock, getReceipt, getStatus, send, tokenAddress } from '@banyan/sdk'
import { createVerifier, proveBlock, readTrust, type Trust } from '@banyan/sdk/verify'
import { expect, test } from 'vitest'
import { alice, bob, carol, clientOf, startBalance, useNode } from './node.js'

const node = useNode()

/** What a user has from elsewhere than the node. */
async function trustOf(): Promise<Trust> {
  const { genesisId } = await getStatus(clientOf(node))
  const text = await readFile(join(node.cluster().folder, 'genesis.json'), 'utf8')
  return readTrust(JSON.parse(text), genesisId)
}

test('SDK-2: a file that is no genesis is refused before anything is asked', () => {
  const id = `0x${'00'.repeat(32)}` as const
  const consensus = { epochBlocks: 10, quorumRule: 'byzantine' }
  for (const genesis of [null, {}, { consensus, validators: [{ address: '12' }] }]) {
    expect(() => readTrust(genesis, id), JSON.stringify(genesis)).toThrow(/no genesis file/)
  }
})

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

  const proof = await proveBlock(client, { verify, height: 1 })
  expect(proof).toMatchObject({ height: 1, epoch: 0, members: [{ weight: 1, hasSigned: true }] })
  expect(proof.id).toBe((await getBlock(client, { block: 1 })).id)
  await expect(proveBlock(client, { verify, height: 10 ** 9 })).rejects.toMatchObject({
    kind: 'BlockUnknown',
  })

  const lying: typeof fetch = async (input, init) => {
    const answer = await (await fetch(input, init)).text()
    return new Response(answer.replaceAll(alice.address.slice(2), carol.address.slice(2)))
  }
  const liar = createClient({ url: node.url(), fetch: lying })
  const believed = await getReceipt(liar, { id })
  expect(believed).not.toEqual(receipt)
  await expect(getReceipt(liar, { id, verify })).rejects.toMatchObject({ kind: 'AnswerStrange' })
})
