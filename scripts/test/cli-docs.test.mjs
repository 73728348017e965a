import { readFileSync } from 'node:fs'
import { commands, describeCommands } from '@banyan/cli'
import { expect, test } from 'vitest'
import { cliPage } from '../cli-docs.mjs'

test('DOC-1: the page of commands is the one that the command tree gives (else run `npm run docs:cli`)', () => {
  const page = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8')
  expect(page).toBe(cliPage(describeCommands(commands)))
})
