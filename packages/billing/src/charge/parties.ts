import type { Direction } from '../anchor/anchor.js'
import type { PublicColumns } from './columns.js'

/** Columns of those who pay a charge (`in`), and of those who get something of it (`out`); each has an amount beside it. */
export const parties = {
  in: ['enterprise', 'house'],
  out: [
    'contributor',
    'developer',
    'operator',
    'charityOfContributor',
    'charityOfDeveloper',
    'charityOfOperator',
  ],
} as const satisfies Readonly<Record<Direction, readonly (keyof PublicColumns)[]>>

export type Party = (typeof parties)[Direction][number]

/** Who has a part in a charge, and how much. */
export type PartyColumns = Pick<PublicColumns, Party | `${Party}Amount`>

/** Accounts that pay a charge or get something of it, with the micro-units of each part that is not zero. */
export function sharesOf(
  charge: PartyColumns,
  direction: Direction,
): readonly (readonly [account: string, micro: bigint])[] {
  return parties[direction]
    .map((party) => [charge[party], charge[`${party}Amount`]] as const)
    .filter(([, micro]) => micro > 0n)
}

/** Whether an account has a part in a charge, be its amount zero. */
export function isParty(charge: PartyColumns, account: string): boolean {
  return [...parties.in, ...parties.out].some((party) => charge[party] === account)
}
