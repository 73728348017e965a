import { testTier } from '@banyan/testing'
import { expect, test } from 'vitest'
import { compareVersions, distinctRoots } from '../node-versions.mjs'

test('LED-12: one history ends with the same roots on every version of Node', {
  timeout: 600_000,
}, async ({ skip }) => {
  if (testTier() !== 'full') skip('it fetches other versions of Node, so only the full tier runs it')
  const { ran, skipped } = await compareVersions()
  for (const { version, reason } of skipped) console.log(`skipped: Node ${version}: ${reason}`)
  expect(distinctRoots(ran), JSON.stringify(ran)).toHaveLength(1)
})
