import { asChainId, equalBytes, toHex } from '@banyan/base'
import { summarize } from '@banyan/ledger'
import {
  createLightCore,
  decodeFinality,
  encodeEpochRecord,
  encodeProof,
  type LightCore,
} from '@banyan/light'
import { electRegistered } from '@banyan/node'
import { testSeed } from '@banyan/testing'
import { expect, test } from 'vitest'
import { submitMany } from './load.js'
import { provider, richWallet, validatorKeys } from './people.js'
import {
  keyArguments,
  registeredKeys,
  registryCall,
  registryGenesis,
  registryRules,
  walletOf,
} from './registry.js'
import { TestNetwork } from './test-network.js'
import type { TestNode } from './test-node.js'

const epochBlocks = 6

function addMember(
  network: TestNetwork,
  name: string,
  keys = registeredKeys(Number(name.slice(1))),
): TestNode {
  const elect = electRegistered(provider, network.rules)
  return network.add({ name, validator: undefined, keys, elect })
}

async function startRegistered(seed: number, count: number): Promise<TestNetwork> {
  const rules = registryRules(count, { epochBlocks })
  const network = new TestNetwork(seed, rules, registryGenesis(rules, count + 1))
  for (let i = 0; i < count; i++) addMember(network, `v${i}`)
  for (const node of network.nodes) await network.run(node)
  return network
}

function lightClientOf({ engine }: TestNode, { rules }: TestNetwork): LightCore {
  const { genesisId, genesis } = engine.view().chain
  return createLightCore({
    provider,
    chain: { chainId: asChainId(genesis.chainId), genesisId, epochBlocks, quorumRule: rules.quorumRule },
    start: { validators: rules.validators },
    keepEpochs: 64,
  })
}

/** What the client learns from a node: every finished epoch, and the newest final block. */
function follow(core: LightCore, { engine }: TestNode): void {
  const { records, final, proof } = engine.view()
  for (const record of records.slice(core.nextEpoch())) core.takeEpoch(encodeEpochRecord(record))
  const { height } = final.header
  const header = summarize(final.header)
  const finality = decodeFinality(proof!)
  const shown = encodeProof({ kind: 'header', header, finality, content: new Uint8Array(0) })
  expect(core.check({ kind: 'header', height }, shown).value).toEqual(header)
}

const keysOf = (validators: readonly { readonly ed25519Key: Uint8Array }[]) =>
  validators.map(({ ed25519Key }) => toHex(ed25519Key)).sort()

test('CON-10: one validator joins, one leaves and one rotates its keys in a running network; light clients follow', async () => {
  const network = await startRegistered(testSeed('registry of validators'), 4)
  const [v0, v1, v2] = network.nodes
  await network.reach(2)
  const light = lightClientOf(v2!, network)
  const wallets = { owner: richWallet(), leaving: walletOf(0), rotating: walletOf(1) }
  const account = toHex(registeredKeys(4).address)
  for (const envelope of await Promise.all([
    registryCall(wallets.owner, 0, { functionName: 'add', args: [account, 1n, ...keyArguments(4)] }),
    registryCall(wallets.leaving, 0, { functionName: 'remove', args: [toHex(registeredKeys(0).address)] }),
    registryCall(wallets.rotating, 0, { functionName: 'rotateKeys', args: keyArguments(1, 1) }),
  ])) {
    await v2!.submit(envelope)
  }
  // Whoever joins, or begins with new keys, runs before it is asked to vote.
  const joining = addMember(network, 'v4')
  await network.run(joining)
  const rotated = addMember(network, 'v1b', registeredKeys(1, 1))
  await network.run(rotated)
  await network.reach(epochBlocks, 60_000)

  const before = keysOf([0, 1, 2, 3].map((index) => validatorKeys(index)))
  const after = keysOf([...[2, 3, 4].map((index) => validatorKeys(index)), validatorKeys(1, 1)])
  await network.reach(2 * epochBlocks - 1)
  follow(light, v2!)
  expect([0, 1].map((epoch) => keysOf(light.validators(epoch)))).toEqual([before, before])
  expect(keysOf(light.validators(2)), 'elected by the state before the last block of epoch 0').toEqual(after)
  for (const node of [v0!, v1!]) expect(node.engine.view().voting, `${node.name} in epoch 1`).toBe(true)
  for (const node of [joining, rotated])
    expect(node.engine.view().voting, `${node.name} in epoch 1`).toBe(false)

  await network.reach(2 * epochBlocks + 1)
  for (const node of [v0!, v1!]) expect(node.engine.view().voting, `${node.name} in epoch 2`).toBe(false)
  for (const node of [joining, rotated])
    expect(node.engine.view().voting, `${node.name} in epoch 2`).toBe(true)
  follow(light, joining)

  // Those who left are not needed, and of those who stay three suffice.
  for (const node of [v0!, v1!, network.node('v3')]) await network.stop(node)
  await submitMany(network, 12, 20, [joining, v2!])
  await network.reach(5 * epochBlocks + 2)
  network.expectAgreement()
  follow(light, rotated)
  expect(light.nextEpoch()).toBe(5)
  expect(keysOf(light.validators(6))).toEqual(after)
  // Whoever came late got many blocks with one proof; each of them is shown final by itself.
  let links = 0
  for (const { block, finality } of rotated.finals) {
    const { height } = block.header
    const [header, why] = [summarize(block.header), finality()]
    links += why.links.length
    const shown = encodeProof({ kind: 'header', header, finality: why, content: new Uint8Array(0) })
    expect(light.check({ kind: 'header', height }, shown).value).toEqual(header)
  }
  expect(rotated.finals[0]?.block.header.height).toBe(1)
  expect(links).toBeGreaterThan(0)
  const proposers = rotated.finals
    .filter(({ block }) => block.header.height > 2 * epochBlocks)
    .map(({ block }) => toHex(block.header.proposer))
  for (const { address } of [registeredKeys(1), registeredKeys(2), registeredKeys(4)]) {
    expect(proposers).toContain(toHex(address))
  }
  expect(proposers).not.toContain(toHex(registeredKeys(0).address))
}, 120_000)

test('CON-10: only members leave for themselves, only the owner lets others in, and no key serves twice', async () => {
  const network = await startRegistered(testSeed('refused changes of validators'), 4)
  const [v0] = network.nodes
  await network.reach(1)
  const calls = await Promise.all([
    registryCall(walletOf(4), 0, {
      functionName: 'add',
      args: [toHex(registeredKeys(4).address), 9n, ...keyArguments(4)],
    }),
    registryCall(walletOf(3), 0, { functionName: 'remove', args: [toHex(registeredKeys(1).address)] }),
    registryCall(walletOf(1), 0, { functionName: 'rotateKeys', args: keyArguments(2) }),
    registryCall(walletOf(2), 0, { functionName: 'setWeight', args: [toHex(registeredKeys(2).address), 9n] }),
  ])
  for (const envelope of calls) await v0!.submit(envelope)
  await network.reach(2 * epochBlocks + 1)
  const ordered = v0!.finals.reduce((sum, { block }) => sum + block.header.transactionCount, 0)
  expect(ordered).toBe(calls.length)
  const { committee } = v0!.engine.view()
  const first = network.rules.validators
  expect(keysOf(committee.validators)).toEqual(keysOf(first))
  expect(committee.validators.every(({ address }, i) => equalBytes(address, first[i]!.address))).toBe(true)
}, 120_000)
