import type { Address } from '@banyan/base'
import type { AbiFunction, Collection } from '@banyan/ledger'

export declare const probeAbi: readonly (AbiFunction | { readonly type: 'event'; readonly name: string })[]
export declare const probeAddress: Address
export declare const probeCollection: Collection
export declare const otherVersion: Collection
