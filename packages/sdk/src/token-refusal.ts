import { BanyanError, type Hex } from '@banyan/base'
import { decodeRevert } from './contract.js'
import { clientError } from './errors.js'
import { tokenAbi } from './token.js'

type Values = Readonly<Record<string, unknown>>

/** Why tokens refuse, by the errors of their contract. Amounts are base units. */
const reasons: Readonly<Record<string, (values: Values) => string>> = {
  OwnableUnauthorizedAccount: ({ account }) => `only its issuer may do this, and ${account} is not`,
  FeatureMissing: ({ flag }) => features[Number(flag)] ?? 'it was created without this feature',
  ERC20ExceededCap: ({ increasedSupply, cap }) =>
    `there would be ${increasedSupply} base units of it, and its cap is ${cap}`,
  ERC20InsufficientBalance: ({ sender, balance, needed }) =>
    `${sender} holds ${balance} base units, and ${needed} are needed`,
  ERC20InsufficientAllowance: ({ spender, allowance, needed }) =>
    `${spender} may take ${allowance} base units, and ${needed} are needed`,
  EnforcedPause: () => 'its issuer has paused it',
  ExpectedPause: () => 'it is not paused',
  ERC2612ExpiredSignature: () => 'the permit has expired',
  ERC2612InvalidSigner: ({ owner }) => `the permit was not signed by ${owner}`,
}

const features: Readonly<Record<number, string>> = {
  1: 'no more of it can be made, since it was created with all that there can ever be',
  2: 'it cannot be burned, since it was created without that',
  4: 'it cannot be paused, since it was created without that',
}

/** A revert of a token as a sentence (TokenRefuses); any other error as it is. */
export function tokenRefusal(error: unknown): unknown {
  if (!(error instanceof BanyanError) || error.kind !== 'ExecutionReverted') return error
  const data = error.details['data']
  const found = typeof data === 'string' ? decodeRevert(tokenAbi, data as Hex) : undefined
  const reason = found && reasons[found.name]?.(valuesOf(found))
  return reason === undefined ? error : clientError('TokenRefuses', { reason }, error)
}

/** Arguments by name: the decoder gives one alone, or several in their order. */
function valuesOf({ name, args }: { readonly name: string; readonly args: unknown }): Values {
  const item = tokenAbi.find((entry) => entry.type === 'error' && entry.name === name)
  const inputs =
    (item as { readonly inputs?: readonly { readonly name: string }[] } | undefined)?.inputs ?? []
  const list = Array.isArray(args) ? args : [args]
  return Object.fromEntries(inputs.map((input, i) => [input.name, list[i]]))
}
