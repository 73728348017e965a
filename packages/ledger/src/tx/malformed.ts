import { fail } from '@banyan/base'

/** Refuses bytes that do not follow the layout of their type. */
export function malformed(reason: string): never {
  return fail('TransactionMalformed', { reason })
}

/** Refuses bytes that have the meaning of a valid transaction, but are not its one valid form. */
export function notCanonical(reason: string): never {
  return fail('TransactionNotCanonical', { reason })
}
