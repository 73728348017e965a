/**
 * Columns of a charge, each with its traits. Nothing of a charge ever changes; what does, the state of its payments, stands in a table of
 * its own. `public` columns are hashed as they are; the others are hashed with salt, and only the two hashes are public.
 */

/** `hash`: a commitment, which is computed from the rest of the charge. */
export type ColumnKind = 'uint64' | 'address' | 'bytes16' | 'hash' | 'text'

type Column<Name extends string = string, Kind extends ColumnKind = ColumnKind> = {
  readonly name: Name
  readonly kind: Kind
  readonly meaning: string
}

function column<Name extends string, Kind extends ColumnKind>(
  name: Name,
  kind: Kind,
  meaning: string,
): Column<Name, Kind> {
  return { name, kind, meaning }
}

/** Immutable, written by the node, public: first those of fixed size, then text, each in the order of their names. */
export const publicColumns = [
  column('at', 'uint64', 'when the request ended, ms since the Unix epoch'),
  column('charityOfContributor', 'address', 'zero if there is none'),
  column('charityOfContributorAmount', 'uint64', 'micro-units'),
  column('charityOfDeveloper', 'address', 'zero if there is none'),
  column('charityOfDeveloperAmount', 'uint64', 'micro-units'),
  column('charityOfOperator', 'address', 'zero if there is none'),
  column('charityOfOperatorAmount', 'uint64', 'micro-units'),
  column('contributor', 'address', 'who runs the machine that did the work'),
  column('contributorAmount', 'uint64', 'micro-units'),
  column('customHash', 'hash', 'commitment to the custom fields of the enterprise'),
  column('developer', 'address', 'who wrote the service'),
  column('developerAmount', 'uint64', 'micro-units'),
  column('enterprise', 'address', 'who asked for the work'),
  column('enterpriseAmount', 'uint64', 'what the enterprise pays, micro-units'),
  column('house', 'address', 'who pays subsidies; zero if there is none'),
  column('houseAmount', 'uint64', 'what the house pays, micro-units'),
  column('id', 'bytes16', 'id of the request; its first six bytes count milliseconds'),
  column('operator', 'address', 'who runs the node'),
  column('operatorAmount', 'uint64', 'micro-units, with the remainder of the split'),
  column('privateHash', 'hash', 'commitment to the private columns'),
  column('rate', 'uint64', 'pip for one micro-unit when the request ended'),
  column('currency', 'text', 'ISO 4217, of all micro-units'),
  column('deal', 'text', 'how the request is paid'),
  column('dservice', 'text', 'service and version'),
  column('endUser', 'text', 'a pseudonym that the enterprise gave'),
  column('region', 'text', 'the node'),
  column('tier', 'text', 'class of machine that was charged'),
] as const

/** Immutable, written by the node, private: readable by the operator. */
export const privateColumns = [
  column('bytesIn', 'uint64', 'bytes of the request'),
  column('bytesOut', 'uint64', 'bytes of the answer'),
  column('cpuMs', 'uint64', 'processor time that the machine reported, ms'),
  column('gpuMs', 'uint64', 'time of the graphics processor, ms'),
  column(
    'latencyMs',
    'uint64',
    'from when the machine was given the request to the first byte of its answer, ms',
  ),
  column('memoryBytes', 'uint64', 'most memory in use'),
  column('miner', 'text', 'the machine'),
  column('request', 'text', 'method, path and headers that were kept'),
] as const

type ValueOf<Kind extends ColumnKind> = Kind extends 'uint64' ? bigint : string

type Values<Columns extends readonly Column[]> = {
  readonly [Name in Columns[number]['name']]: ValueOf<
    Extract<Columns[number], { readonly name: Name }>['kind']
  >
}

/** Values of the public columns. Addresses, ids and hashes are hexadecimal text with 0x in small letters. */
export type PublicColumns = Values<typeof publicColumns>
export type PrivateColumns = Values<typeof privateColumns>

export const kindBytes = { uint64: 8, address: 20, bytes16: 16, hash: 32 } as const

/** Most bytes of one text, of all custom fields, and of one of their names. */
export const maxTextBytes = 4_096
export const maxPublicTextBytes = 128
export const maxCustomBytes = 4_096
export const maxCustomFields = 64
/** Micro-units and other counts stay exact as numbers. */
export const maxCount = BigInt(Number.MAX_SAFE_INTEGER)

/** Offset of a public column of fixed size within a row. */
export const offsets = fixedOffsets()

type FixedName = Exclude<(typeof publicColumns)[number], { readonly kind: 'text' }>['name']

function fixedOffsets(): Readonly<Record<FixedName, number>> {
  const found: Record<string, number> = {}
  let at = 32
  for (const { name, kind } of publicColumns) {
    if (kind === 'text') continue
    found[name] = at
    at += kindBytes[kind]
  }
  return found as Record<FixedName, number>
}
