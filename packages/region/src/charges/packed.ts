import { type Charge, privateColumns, publicColumns } from '@banyan/billing'

/** A charge as JSON has it, beside the record of its request: counts are exact as numbers, so they are numbers. */
export type PackedCharge = {
  readonly public: Readonly<Record<string, string | number>>
  readonly private: Readonly<Record<string, string | number>>
  readonly custom: Readonly<Record<string, string>>
  readonly salt: string
}

type Kinds = readonly { readonly name: string; readonly kind: string }[]

const hashes = new Set(['customHash', 'privateHash'])
const given: Kinds = publicColumns.filter(({ name }) => !hashes.has(name))

export function packCharge(charge: Charge): PackedCharge {
  return {
    public: toNumbers(given, charge),
    private: toNumbers(privateColumns, charge.private),
    custom: charge.custom,
    salt: charge.salt,
  }
}

export function unpackCharge({ public: open, private: hidden, custom, salt }: PackedCharge): Charge {
  return { ...toBigints(given, open), private: toBigints(privateColumns, hidden), custom, salt } as Charge
}

function toNumbers(columns: Kinds, values: object): Record<string, string | number> {
  const packed: Record<string, string | number> = {}
  for (const { name } of columns) {
    const value = (values as Record<string, string | bigint>)[name]!
    packed[name] = typeof value === 'bigint' ? Number(value) : value
  }
  return packed
}

function toBigints(columns: Kinds, values: Readonly<Record<string, string | number>>): object {
  const unpacked: Record<string, string | bigint> = {}
  for (const { name, kind } of columns)
    unpacked[name] = kind === 'uint64' ? BigInt(values[name]!) : String(values[name])
  return unpacked
}
