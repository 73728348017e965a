import { defineErrors } from './definition.js'

/** 2600-2659: charges, roll-ups, settlement, statements. */
export const billingErrors = defineErrors({
  ChargeInvalid: {
    code: 2600,
    message: 'The charge {id} is refused: {column} {reason}.',
    cause: 'A charge is checked as a whole before it is kept, and never changed afterwards.',
    fix: 'Correct the column and add the charge again under the same id.',
    retryable: false,
  },
  ChargeUnknown: {
    code: 2601,
    message: 'There is no charge with the id {id}.',
    cause: 'It was never added, or it is older than the time for which rows are kept.',
    fix: 'Check the id; anchors of older charges are kept, and statements hold their rows.',
    retryable: false,
  },
  SharesInvalid: {
    code: 2602,
    message: 'The shares are refused: {reason}.',
    cause:
      'The shares of contributor and developer together must be below the whole, each share between 0 and 10,000.',
    fix: 'Give shares in ten-thousandths that leave something for the operator.',
    retryable: false,
  },
  PriceAboveCap: {
    code: 2603,
    message: 'The request would cost {price} micro-units, and its cap is {cap}.',
    cause: 'No tier, not even a loaded machine at its discount, does it for less than the cap.',
    fix: 'Raise the cap, or make the request smaller.',
    retryable: false,
  },
  BudgetSpent: {
    code: 2604,
    message: 'The budget of {enterprise} for {month} is spent: {left} micro-units are left.',
    cause: 'What was spent and what running requests may still cost reach the limit that the customer set.',
    fix: 'Raise the budget, or wait for the next month.',
    retryable: true,
  },
  TierUnknown: {
    code: 2605,
    message: 'The tariff has no tier {tier}.',
    cause: 'A deal or a request names a tier for which there is no price.',
    fix: 'Use a tier of the tariff.',
    retryable: false,
  },
  JournalForged: {
    code: 2606,
    message: 'The journal does not fit together at row {sequence}: {reason}.',
    cause: 'Each batch names the root of the one before; rows were exchanged, removed or changed.',
    fix: 'Restore the journal from a copy; its roots stand in the statements of others.',
    retryable: false,
  },
  PeriodInvalid: {
    code: 2607,
    message: 'The period {period} cannot be rolled up: {reason}.',
    cause: 'Periods follow each other, each covers the rows since the one before, and is bounded.',
    fix: 'Finish the period before, or choose a later one.',
    retryable: false,
  },
  BalanceShort: {
    code: 2608,
    message: 'The payout account holds {balance}, less than the {carried} that it carries over.',
    cause: 'Its key was used for something else, or it paid fees itself.',
    fix: 'Pay the difference in; let a sponsor pay the fees of the payout account.',
    retryable: false,
  },
  SettlementStuck: {
    code: 2609,
    message: 'The period {period} waits for {entity}: {reason}.',
    cause: 'The pay-in is missing, and the operator could not advance it either.',
    fix: "Fill the operator's account, then run the settlement again: it goes on where it stopped.",
    retryable: true,
  },
  StatementInvalid: {
    code: 2610,
    message: 'The statement is wrong: {reason}.',
    cause: 'Rows, sums, anchors and transfers of a statement must fit each other.',
    fix: 'Ask the node for the statement again, and show both to whoever runs it.',
    retryable: false,
  },
  ProofMissing: {
    code: 2611,
    message: 'No proof for the charge {id} and {entity} exists in {period}.',
    cause: 'The charge is of another period, or moved nothing for this account.',
    fix: 'Ask for the period in which the charge was journaled.',
    retryable: false,
  },
  CurveInvalid: {
    code: 2612,
    message: 'The price curve is refused: {reason}.',
    cause: 'Coefficients take effect on a later day, and days are counted from the start of the curve.',
    fix: 'Choose a day after today and coefficients above zero.',
    retryable: false,
  },
  StoreFailed: {
    code: 2613,
    message: 'The database refused: {reason}.',
    cause:
      'A database that keeps charges, their analytics, or the journal of central did not do what it was asked.',
    fix: 'Check the database; nothing was acknowledged that is not stored.',
    retryable: true,
  },
  NothingCharged: {
    code: 2614,
    message: 'Nothing was charged since the last settlement.',
    cause: 'A settlement takes the charges since the one before, and there are none.',
    fix: 'Settle again when more work was done.',
    retryable: true,
  },
  RowsRetired: {
    code: 2615,
    message: 'The rows of the period {period} are no longer kept here.',
    cause: 'They were settled, and are older than the time for which rows are kept.',
    fix: 'Use the statement that was downloaded then, or ask the operator for the archived rows.',
    retryable: false,
  },
})
