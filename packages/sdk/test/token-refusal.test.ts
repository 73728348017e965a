import { BanyanError, errorRegistry } from '@banyan/base'
import { tokenAbi, tokenRefusal } from '@banyan/sdk'
import { AbiError } from 'ox'
import { expect, test } from 'vitest'

const somebody = '0x1111111111111111111111111111111111111111'

/** As a node tells it. */
const reverted = (details: Readonly<Record<string, string>>) =>
  new BanyanError('ExecutionReverted', errorRegistry.ExecutionReverted, details)

function revert(name: string, args: unknown) {
  const item = tokenAbi.find((entry) => entry.type === 'error' && entry.name === name)
  const data = AbiError.encode(item as AbiError.AbiError, args as never)
  return reverted({ reason: name, data })
}

test.each([
  ['OwnableUnauthorizedAccount', [somebody], `only its issuer may do this, and ${somebody} is not`],
  ['FeatureMissing', [1], 'no more of it can be made'],
  ['ERC20ExceededCap', [11n, 10n], 'there would be 11 base units of it, and its cap is 10'],
  ['ERC20InsufficientBalance', [somebody, 1n, 2n], 'holds 1 base units, and 2 are needed'],
  ['EnforcedPause', [], 'its issuer has paused it'],
])('CLI-1: what a token refuses by %s is a sentence', (name, args, reason) => {
  const refusal = tokenRefusal(revert(name, args))
  expect(refusal).toMatchObject({ kind: 'TokenRefuses', message: expect.stringContaining(reason) })
})

test('CLI-1: what no token says stays as it is', () => {
  for (const error of [
    new Error('other'),
    reverted({ reason: 'x' }),
    reverted({ reason: 'x', data: '0x12345678' }),
  ])
    expect(tokenRefusal(error)).toBe(error)
})
