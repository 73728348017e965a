import { fail } from '@banyan/base'

export function invalid(reason: string, cause?: unknown): never {
  fail('SnapshotInvalid', { reason }, cause)
}
