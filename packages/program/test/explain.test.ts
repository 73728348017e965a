import { banyanError } from '@banyan/base'
import { explain, readExplained } from '@banyan/program'
import { expect, test } from 'vitest'

const linesOf = (path: string): readonly string[] => explain(banyanError('DiskFull', { path })).split('\n')

test('QLT-1: what a program explains of its end can be read from its lines by whoever keeps it', () => {
  const { code, message, fix } = banyanError('DiskFull', { path: '/b' })
  expect(readExplained(['{"msg":"ready"}', ...linesOf('/a'), 'another', ...linesOf('/b')])).toEqual({
    code,
    message,
    fix,
  })
  expect(readExplained(['{"msg":"ready"}', 'Error: BYN-1500'])).toBeUndefined()
  expect(readExplained([])).toBeUndefined()
})
