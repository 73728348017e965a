import { toHex } from '@banyan/base'
import { bundleAsScript } from '@banyan/testing/browser'
import { expect, test } from 'vitest'
import { createNativeRealm } from './native/realm.js'
import { freshAddress, secretOf, useNode } from './node.js'

const node = useNode()

test('SDK-1: an application runs where there is what React Native has, and nothing of Node or pages', async () => {
  const script = await bundleAsScript(new URL('native/app.ts', import.meta.url), 'app')
  const { run } = createNativeRealm()
  for (const missing of ['process', 'Buffer', 'window', 'document', 'require', 'TextDecoder', 'URL'])
    expect(run(`typeof ${missing}`), missing).toBe('undefined')
  run(script)
  const words = [node.url(), toHex(secretOf('alice')), freshAddress()]
  const told = await (run(`app.run(${words.map((word) => JSON.stringify(word)).join()})`) as Promise<string>)
  expect(JSON.parse(told)).toEqual({ status: 'success', balance: '1.5', lost: 'NodeSilent', rising: 2 })
})
