import { readFileSync } from 'node:fs'
import { version } from '@banyan/darkroom'
import { parseManifest } from '@banyan/dservice'
import { expect, test } from 'vitest'

test('CMP-2: Darkroom has the manifest of a DService, of its own version', () => {
  const manifest = parseManifest(readFileSync(new URL('../dservice.json', import.meta.url), 'utf8'))
  expect(manifest).toMatchObject({ name: 'darkroom', version, health: '/health', comparator: 'bytes' })
})
