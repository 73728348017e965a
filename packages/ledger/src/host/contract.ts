import type { Address } from '@banyan/base'
import type { AbiFunction, AbiRecord, AbiResult, ContractAbi, ItemOf, NameOf } from './abi-types.js'
import type { AccessKey } from './access-key.js'
import type { CallContext, KeyContext } from './context.js'
import type { Interfaces } from './interfaces.js'
import type { Table } from './schema.js'

/** One method: what it does, what it may touch, and the compute gas it costs besides what it asks of the host. */
export type Method<Item extends AbiFunction> = {
  readonly gas: number
  readonly run: Item['outputs'] extends readonly []
    ? (context: CallContext, args: AbiRecord<Item['inputs']>) => void
    : (context: CallContext, args: AbiRecord<Item['inputs']>) => AbiResult<Item['outputs']>
  /** Every key that `run` may touch, `undefined` if they cannot be known from the call alone. */
  readonly keys: (context: KeyContext, args: AbiRecord<Item['inputs']>) => readonly AccessKey[] | undefined
}

/** A system contract: one small module of data and functions, deterministic by review and by test. */
export type ContractDefinition<Abi extends ContractAbi> = {
  /** Lower-case name; unique in its collection. */
  readonly name: string
  /** One sentence for the generated documentation. */
  readonly summary: string
  readonly version: number
  /** Where it answers calls; owner of its storage rows. */
  readonly address: Address
  /** Set if it also answers at every address that begins with these 16 bytes. */
  readonly addressPrefix?: Uint8Array
  readonly abi: Abi
  readonly tables: readonly Table[]
  readonly methods: {
    readonly [Name in NameOf<Abi, 'function'>]: Method<Extract<ItemOf<Abi, 'function', Name>, AbiFunction>>
  }
  /** Host features it offers, by versioned name. */
  readonly interfaces?: Partial<Interfaces>
}

/** A method whose argument types are known only through its ABI item. */
export type AnyMethod = {
  readonly gas: number
  readonly run: (context: CallContext, args: Readonly<Record<string, unknown>>) => unknown
  readonly keys: (
    context: KeyContext,
    args: Readonly<Record<string, unknown>>,
  ) => readonly AccessKey[] | undefined
}

/** A contract as the host sees it. */
export type Contract = Omit<ContractDefinition<ContractAbi>, 'methods'> & {
  readonly methods: Readonly<Record<string, AnyMethod>>
}

/** Checks a contract's methods against its ABI at compile time. */
export function defineContract<const Abi extends ContractAbi>(definition: ContractDefinition<Abi>): Contract {
  return definition as unknown as Contract
}
