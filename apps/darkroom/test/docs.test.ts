import { readFileSync } from 'node:fs'
import { translate } from '@banyan/darkroom'
import { expect, test } from 'vitest'
import { runScript, start } from './service.js'

test('MED-2: the example in docs/darkroom.md is a script that runs', async () => {
  const page = readFileSync(new URL('../../../docs/darkroom.md', import.meta.url), 'utf8')
  const script = /```js\n([\s\S]*?)```/.exec(page)![1]!
  expect(translate('example', script).parameters).toEqual(['source', 'width', 'color'])
  const { url } = await start()
  const response = await runScript(url, script, 'source=sample:emblem.svg')
  expect(response.headers.get('content-type')).toBe('image/jpeg')
  await response.arrayBuffer()
})
