import { toHex } from '@banyan/base'
import { admit, readReceipt } from '@banyan/ledger'
import { transfer } from './people.js'
import type { TestNetwork } from './test-network.js'
import type { TestNode } from './test-node.js'

const nonces = new WeakMap<TestNetwork, { next: number }>()

/** Submits transfers, some every few ms, to the nodes in turn; returns their ids. */
export async function submitMany(
  network: TestNetwork,
  count: number,
  every = 5,
  nodes: readonly TestNode[] = network.running(),
): Promise<readonly string[]> {
  const counter = nonces.get(network) ?? { next: 0 }
  nonces.set(network, counter)
  const ids: string[] = []
  for (let i = 0; i < count; i++) {
    const node = nodes[i % nodes.length]!
    const { final, chain } = node.engine.view()
    const envelope = transfer(chain, { id: final.id, height: final.header.height }, counter.next++)
    ids.push(toHex(admit(chain, envelope).id))
    await node.submit(envelope)
    await network.scheduler.until(() => false, every)
  }
  return ids
}

/** Ids of the transactions that are in final blocks of a node, as far as it saw them become final. */
export function included(node: TestNode): ReadonlySet<string> {
  const ids = new Set<string>()
  for (const { executed } of node.finals) {
    for (let i = 0; i < executed.header.transactionCount; i++) {
      const { id, status } = readReceipt(executed.receipts, i)
      if (status === 'success') ids.add(toHex(id))
    }
  }
  return ids
}
