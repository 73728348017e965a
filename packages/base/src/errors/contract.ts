import { defineErrors } from './definition.js'

/** 1300-1399: failures inside a contract call. */
export const contractErrors = defineErrors({
  ExecutionReverted: {
    code: 1300,
    message: 'execution reverted: {reason}',
    cause: 'The called contract refused the call. Nothing but the fee was charged.',
    fix: 'Read the reason; simulate the call before you send it.',
    retryable: false,
  },
  GasExhausted: {
    code: 1301,
    message: 'out of gas: the limit of {limit} was used up.',
    cause:
      'The call needed more computation or state than its limit allows. Calls whose keys are unknown count four times.',
    fix: 'Raise the gas limit, or declare the access keys if they are unknown.',
    retryable: false,
  },
  MethodUnknown: {
    code: 1302,
    message: 'The contract {contract} has no method with selector {selector}.',
    cause: 'The first four bytes of the call data name no method of this contract.',
    fix: 'Check the address and the ABI.',
    retryable: false,
  },
  CallDataMalformed: {
    code: 1303,
    message: 'The call data do not fit the ABI of {method}.',
    cause: 'Arguments are missing, too long, or not in their standard encoding.',
    fix: 'Encode the call with an ABI library.',
    retryable: false,
  },
  ContractUnknown: {
    code: 1304,
    message: 'There is no contract at {address}.',
    cause: 'The address belongs to no contract of this chain.',
    fix: 'Check the address and the chain.',
    retryable: false,
  },
  CallDepthExceeded: {
    code: 1305,
    message: 'Contracts called each other more than {limit} levels deep.',
    cause: 'The depth of nested calls is bounded.',
    fix: 'Flatten the calls.',
    retryable: false,
  },
  ValueRefused: {
    code: 1306,
    message: 'Method {method} does not accept FIG.',
    cause: 'The method is not payable, and the call carries a value.',
    fix: 'Send the call without value.',
    retryable: false,
  },
})
