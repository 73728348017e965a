import type { Network } from '@banyan/network'
import { createMemoryHub } from '@banyan/testing/network'
import { afterEach } from 'vitest'
import { conformanceLimits, testNetworkPort } from './conformance.js'
import { closeNodes, connectAll, startNode } from './nodes.js'

afterEach(closeNodes)

testNetworkPort('over libp2p', async (handlers) => {
  const limits = { ...conformanceLimits, redialMs: { first: 20, longest: 100 } }
  const nodes = await Promise.all(handlers.map((own, i) => startNode(i + 1, { handlers: own, limits })))
  await connectAll(nodes)
  return nodes
})

testNetworkPort('in memory', async (handlers) => {
  const hub = createMemoryHub(conformanceLimits)
  const nodes: Network[] = handlers.map((own, i) => hub.createMemoryNetwork(`node-${i}`, own))
  await connectAll(nodes)
  return nodes
})
