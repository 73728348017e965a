import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { freshBundle } from '@banyan/node/bundle'
import { afterAll, beforeAll, expect, test } from 'vitest'

let folder: string
const found = (): string | undefined => freshBundle(pathToFileURL(`${folder}/`), 'program.js')

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'banyan-bundle-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('QLT-1: a program is started from its bundle only while nothing was compiled after it', async () => {
  expect(found(), 'nothing was built').toBeUndefined()
  const bundle = join(folder, 'bundle')
  const compiled = join(folder, 'compiled')
  await mkdir(bundle)
  await writeFile(compiled, '')
  await writeFile(join(bundle, 'made-of.json'), '["../compiled"]')
  await utimes(compiled, 1_000, 1_000)
  expect(found()).toBe(join(bundle, 'program.js'))
  const later = Date.now() / 1_000 + 60
  await utimes(compiled, later, later)
  expect(found(), 'something was compiled').toBeUndefined()
  await rm(compiled)
  expect(found(), 'what it was made of is gone').toBeUndefined()
})
