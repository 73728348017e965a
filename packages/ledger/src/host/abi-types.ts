import type { Address } from '@banyan/base'

/** The parts of an Ethereum contract ABI (JSON form) that system contracts use. */
export type AbiParameter = {
  readonly name?: string | undefined
  readonly type: string
  readonly indexed?: boolean | undefined
  readonly components?: readonly AbiParameter[] | undefined
}

export type AbiFunction = {
  readonly type: 'function'
  readonly name: string
  readonly inputs: readonly AbiParameter[]
  readonly outputs: readonly AbiParameter[]
  readonly stateMutability: 'pure' | 'view' | 'nonpayable' | 'payable'
}

export type AbiEvent = {
  readonly type: 'event'
  readonly name: string
  readonly inputs: readonly AbiParameter[]
}

export type AbiError = {
  readonly type: 'error'
  readonly name: string
  readonly inputs: readonly AbiParameter[]
}

export type ContractAbi = readonly (AbiFunction | AbiEvent | AbiError)[]

type SmallInteger = 'uint8' | 'uint16' | 'uint24' | 'uint32' | 'uint40' | 'uint48'

/** Value of a parameter: addresses and byte strings as bytes, integers up to 48 bits as numbers, others as bigint. */
export type AbiValue<Parameter extends AbiParameter> = Parameter['type'] extends `${infer Item}[]`
  ? readonly AbiValue<Omit<Parameter, 'type'> & { readonly type: Item }>[]
  : Parameter['type'] extends 'tuple'
    ? Parameter['components'] extends readonly AbiParameter[]
      ? AbiRecord<Parameter['components']>
      : never
    : Parameter['type'] extends 'address'
      ? Address
      : Parameter['type'] extends 'bool'
        ? boolean
        : Parameter['type'] extends 'string'
          ? string
          : Parameter['type'] extends `bytes${string}`
            ? Uint8Array
            : Parameter['type'] extends SmallInteger
              ? number
              : Parameter['type'] extends `uint${string}`
                ? bigint
                : never

/** Parameters as a record by name. */
export type AbiRecord<Parameters extends readonly AbiParameter[]> = {
  readonly [Parameter in Parameters[number] as Parameter['name'] extends string
    ? Parameter['name']
    : never]: AbiValue<Parameter>
}

type AbiTuple<Parameters extends readonly AbiParameter[]> = {
  readonly [Index in keyof Parameters]: AbiValue<Parameters[Index]>
}

/** What a method with outputs returns: one value, or a tuple. */
export type AbiResult<Outputs extends readonly AbiParameter[]> = Outputs extends readonly [
  infer Only extends AbiParameter,
]
  ? AbiValue<Only>
  : AbiTuple<Outputs>

export type NameOf<Abi extends ContractAbi, Kind extends 'function' | 'event' | 'error'> = Extract<
  Abi[number],
  { readonly type: Kind }
>['name']

export type ItemOf<
  Abi extends ContractAbi,
  Kind extends 'function' | 'event' | 'error',
  Name extends string,
> = Extract<Abi[number], { readonly type: Kind; readonly name: Name }>
