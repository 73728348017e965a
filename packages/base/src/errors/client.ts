import { defineErrors } from './definition.js'

/** 2200-2299: clients of nodes, wallets and sponsors. */
export const clientErrors = defineErrors({
  NodeSilent: {
    code: 2200,
    message: 'The node at {url} cannot be reached.',
    cause: 'It is down, the address is wrong, it refuses this origin, or there is no network.',
    fix: 'Check that the node runs and that its address is right, then try again.',
    retryable: true,
  },
  AnswerLate: {
    code: 2201,
    message: 'The node at {url} has not answered within {milliseconds} ms.',
    cause: 'The node is busy, or the network is slow.',
    fix: 'Try again, or allow more time by the option timeoutMs.',
    retryable: true,
  },
  AnswerStrange: {
    code: 2202,
    message: 'The answer of {url} makes no sense: {reason}.',
    cause:
      'What listens there is no node of this kind, or of another version, or something in between changed the answer.',
    fix: 'Check the address; look at what it answers under /v1/status.',
    retryable: false,
  },
  ArgumentInvalid: {
    code: 2203,
    message: 'The argument {argument} cannot be used: {reason}.',
    cause: 'It is of another form than the action takes, or out of its range.',
    fix: 'Correct the argument that the message names.',
    retryable: false,
  },
  AccountMissing: {
    code: 2204,
    message: 'There is no account to {what} with.',
    cause: 'Neither the client nor the call names an account.',
    fix: 'Pass `account` to createClient or to the action.',
    retryable: false,
  },
  AccountUnsuited: {
    code: 2205,
    message: 'The account {account} cannot do this: {reason}.',
    cause: 'Wallets of Ethereum sign their own kinds of transactions only.',
    fix: 'Use a local key or a passkey for it, or send one call at a time and pay the fee.',
    retryable: false,
  },
  ConfirmationRefused: {
    code: 2206,
    message: 'Nothing was signed: {reason}.',
    cause: 'The request was dismissed, has timed out, or the device knows no fitting key.',
    fix: 'Start again and confirm on the device or in the wallet.',
    retryable: true,
  },
  PasskeyUnavailable: {
    code: 2207,
    message: 'Passkeys cannot be used here: {reason}.',
    cause: 'They need a browser, and a page from https or from http://localhost.',
    fix: 'Open the page over https or on localhost, not by an IP address; or use another kind of account.',
    retryable: false,
  },
  WalletFailed: {
    code: 2208,
    message: 'The wallet could not do it: {reason}.',
    cause: 'The wallet reported an error of its own.',
    fix: 'Check that the wallet is unlocked and on the chain of this client, then try again.',
    retryable: true,
  },
  TransactionFailed: {
    code: 2209,
    message: 'The transaction {id} is final, but failed: {reason}.',
    cause: 'When its turn came it could not do what it says. Its fee was paid, nothing else has changed.',
    fix: 'Look at its receipt; correct what the reason names and send a new transaction.',
    retryable: false,
  },
  SponsorshipRefused: {
    code: 2210,
    message: 'The sponsor does not pay for this: {reason}.',
    cause: 'The budget or the rate of its policy is used up, or the policy does not cover these calls.',
    fix: 'Wait for the time that the reason names, ask the provider of the application, or pay the fee yourself.',
    retryable: true,
  },
  ChainIdentifierMalformed: {
    code: 2211,
    message: '"{text}" is not an identifier of the form {form}.',
    cause: 'Chains, accounts and assets are written as CAIP-2, CAIP-10 and CAIP-19 say.',
    fix: 'Correct the text, for example eip155:7001:0x and 40 hexadecimal digits for an account.',
    retryable: false,
  },
  CallUnknown: {
    code: 2212,
    message: 'The ABI has no {what} named {name}.',
    cause: 'The name is misspelt, or the ABI belongs to another contract.',
    fix: 'Check the name against the ABI.',
    retryable: false,
  },
  StatementUnknown: {
    code: 2213,
    message: 'There is no statement for the month {month}.',
    cause: 'The month is not written as 2026-11, or nothing was sponsored in it.',
    fix: 'Ask for a month in which something was sponsored.',
    retryable: false,
  },
  ProviderMissing: {
    code: 2214,
    message: 'A hook was used outside of BanyanProvider.',
    cause: 'Hooks take the client from the provider above them, and there is none.',
    fix: 'Wrap the application in <BanyanProvider client={...}>.',
    retryable: false,
  },
  TokenRefuses: {
    code: 2215,
    message: 'The token refuses: {reason}.',
    cause:
      'What a token allows is fixed by its contract: by its features, its cap, and who issued it. Nothing was sent, or nothing but the fee was charged.',
    fix: 'Look at the token with `banyan token show` or in the explorer: its issuer, features and cap stand there.',
    retryable: false,
  },
})
