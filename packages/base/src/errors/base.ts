import { defineErrors } from './definition.js'

/** 1000-1099: input of any kind. */
export const baseErrors = defineErrors({
  InvariantBroken: {
    code: 1000,
    message: 'An internal check failed: {invariant}.',
    cause: 'A defect in Banyan. The component stopped rather than continue with wrong data.',
    fix: 'Restart it; if the failure returns, report it with the log around it.',
    retryable: true,
  },
  AmountMalformed: {
    code: 1001,
    message: '"{text}" is not an amount with at most {decimals} decimals.',
    cause:
      'An amount is written as digits, optionally a point and decimals: no sign, exponent or separators.',
    fix: 'Write it as, for example, 12.5',
    retryable: false,
  },
  AmountOverflow: {
    code: 1002,
    message: 'The amount {amount} is larger than 2^128 - 1 base units.',
    cause: 'Amounts of every asset are unsigned 128-bit integers.',
    fix: 'Use a smaller amount.',
    retryable: false,
  },
  OptionInvalid: {
    code: 1003,
    message: 'The option {option} is not valid: {reason}.',
    cause: 'A parameter given by the caller is out of its range or of the wrong form.',
    fix: 'Correct the option as the message says.',
    retryable: false,
  },
  WorkerFailed: {
    code: 1004,
    message: 'The worker threads stopped: {reason}.',
    cause: 'A worker thread ended, did not answer in time, or the pool was closed. Its work is lost.',
    fix: 'Restart the component; if it happens again, look in the log for memory that ran out.',
    retryable: true,
  },
})
