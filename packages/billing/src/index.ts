/** Charges, their journal, roll-ups, settlement and statements: docs/billing.md. */
export * from './anchor/anchor.js'
export * from './anchor/lattice-sum.js'
export * from './anchor/sum-tree.js'
export * from './anchor/xor.js'
export type { Charge, Row, SealedRow } from './charge/charge.js'
export { type PrivateColumns, type PublicColumns, privateColumns, publicColumns } from './charge/columns.js'
export { decodeCustom, decodePrivate, decodePublic } from './charge/decode.js'
export { isParty, type Party, type PartyColumns, parties, sharesOf } from './charge/parties.js'
export { schemaId } from './charge/schema.js'
export { type Keccak, sealCharge } from './charge/seal.js'
export * from './charge/view.js'
export { auditRow } from './journal/batch.js'
export {
  type Added,
  type BatchHasher,
  type Journal,
  type JournalOptions,
  openJournal,
} from './journal/journal.js'
export * from './price/budgets.js'
export { type HardwareClass, premiumOf } from './price/hardware.js'
export * from './price/make-charge.js'
export * from './price/quote.js'
export * from './price/rate.js'
export { doublingDays, type ResourceCurve, type Resources, resourcesOn } from './price/resources.js'
export * from './price/split.js'
export * from './price/subscriptions.js'
export * from './price/tariff.js'
export {
  type BillingEvent,
  decodeEvent,
  encodeEvent,
  type Refusal,
  type SignedTransfer,
  type Way,
} from './rollup/event.js'
export { type Next, nextSteps, type Step } from './rollup/next.js'
export { type Carry, type Plan, type PlanLine, type PlanOptions, planPeriod } from './rollup/plan.js'
export {
  amountOf,
  applyEvent,
  carriedTotal,
  createRollUp,
  type Obligation,
  type RollUp,
} from './rollup/state.js'
export { type BanyanChainOptions, openBanyanChain } from './settle/banyan-chain.js'
export type * from './settle/ports.js'
export { createSandboxGateway } from './settle/sandbox-gateway.js'
export {
  openSettlement,
  type PeriodReport,
  type Settlement,
  type SettlementOptions,
} from './settle/settlement.js'
export { amountFor, type PartyAmount } from './statement/amount.js'
export { statementCsv, tableColumns } from './statement/csv.js'
export { decodeStatement, encodeStatement, maxStatementBytes } from './statement/file.js'
export { makeReceipt, type Receipt, verifyReceipt } from './statement/receipt.js'
export {
  makeStatement,
  type Statement,
  type StatementLine,
  type StatementOptions,
  type StatementPart,
  type StatementTransfer,
  statementLines,
} from './statement/statement.js'
export { type VerifiedStatement, verifyStatement } from './statement/verify.js'
export { openBook } from './store/book.js'
export type { ChargeBook, ChargeStore, GroupColumn, Total } from './store/port.js'
