import { readFileSync } from 'node:fs'
import { rpcMethodNames } from '@banyan/node/api'
import { expect, test } from 'vitest'

const page = readFileSync(new URL('../../../../docs/rpc.md', import.meta.url), 'utf8')

test('SDK-4: docs/rpc.md names every method, and no other', () => {
  const named = [...page.matchAll(/`((?:eth|net|web3|banyan)_\w+)`/g)].map(([, name]) => name)
  const overSockets = ['eth_subscribe', 'eth_unsubscribe']
  expect([...new Set(named)].sort()).toEqual([...rpcMethodNames, ...overSockets].sort())
})
