import {
  decodeStatement,
  type Statement,
  statementLines,
  type VerifiedStatement,
  verifyStatement,
} from '@banyan/billing'
import { portable } from '@banyan/crypto'
import { askText } from '../local-network.js'
import { computePath } from './ask.js'
import { requireAnchor } from './require-anchor.js'

/** Statements are read and checked in the browser: what the region says of them is not believed. */

/** Most charges that a page lists; the file holds all. */
export const listedCharges = 200

export type ListedCharge = {
  readonly id: string
  readonly at: number
  readonly dservice: string
  readonly tier: string
  readonly currency: string
  readonly micro: bigint
}

export type ReadStatement = {
  readonly statement: Statement
  readonly charges: readonly ListedCharge[]
  /** Of all parts. */
  readonly count: number
}

/** The statement of a period with its charges. Errors: those of the region, StatementInvalid. */
export async function readStatement(period: string): Promise<ReadStatement> {
  const statement = decodeStatement(
    await askText(`${computePath}/_banyan/statements/${encodeURIComponent(period)}?format=json`),
  ) as Statement
  const charges: ListedCharge[] = []
  for (const { id, at, dservice, tier, currency, micro } of statementLines(statement, portable.keccak256)) {
    if (charges.length === listedCharges) break
    charges.push({ id, at, dservice, tier, currency, micro })
  }
  return { statement, charges, count: statement.parts.reduce((sum, { count }) => sum + count, 0) }
}

/** Checks every row, sum and anchor of a statement, and each transaction by the light client of this page. Error: StatementInvalid. */
export async function checkStatement(statement: Statement): Promise<VerifiedStatement> {
  const found = verifyStatement(statement, portable.keccak256)
  for (const { id, height, anchor } of found.transfers) await requireAnchor({ id, height }, anchor)
  return found
}
