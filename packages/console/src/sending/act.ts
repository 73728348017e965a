import type { Hex, NewToken } from '@banyan/sdk'

/** Something that an account of this device can do. */
export type Act =
  | { readonly kind: 'pay'; readonly to: Hex; readonly amount: bigint; readonly asset: number }
  | { readonly kind: 'create'; readonly token: NewToken }
  | { readonly kind: 'issue'; readonly asset: number; readonly to: Hex; readonly amount: bigint }
  | { readonly kind: 'pause' | 'resume'; readonly asset: number }
