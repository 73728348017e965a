import { BanyanError, type ErrorName } from '@banyan/base'

/** How the command ends. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  refused: 4,
  unreachable: 5,
  conflict: 6,
  limit: 7,
  cancelled: 8,
  timeout: 124,
  interrupted: 130,
} as const

export type ExitName = keyof typeof exitCodes

/** What each of them means, for people. */
export const exitMeanings: Readonly<Record<ExitName, string>> = {
  done: 'it did what was asked',
  failed: 'it failed',
  usage: 'the command line or a setting is wrong',
  notFound: 'what was named does not exist',
  refused: 'not signed in, or not allowed to',
  unreachable: 'the network cannot be reached',
  conflict: 'something is in the way, such as a network that already runs',
  limit: 'a limit was reached, or funds do not suffice',
  cancelled: 'the user said no',
  timeout: 'it took too long',
  interrupted: 'it was interrupted',
}

const exitsByKind: Partial<Record<ErrorName, ExitName>> = {
  CommandUnknown: 'usage',
  UsageWrong: 'usage',
  SettingUnknown: 'usage',
  SettingInvalid: 'usage',
  SecretInFlag: 'usage',
  NameUnfit: 'usage',
  ParametersInvalid: 'usage',
  ArgumentInvalid: 'usage',
  AmountMalformed: 'usage',
  AmountOverflow: 'usage',
  AddressMalformed: 'usage',
  AddressChecksumWrong: 'usage',
  KeyMalformed: 'usage',
  FileInvalid: 'usage',
  OptionInvalid: 'usage',
  PartUnknown: 'notFound',
  StateMissing: 'notFound',
  NameUnknown: 'notFound',
  TokenUnknown: 'notFound',
  SnapshotUnknown: 'notFound',
  FileUnreadable: 'notFound',
  PageUnknown: 'notFound',
  BlockUnknown: 'notFound',
  TransactionUnknown: 'notFound',
  AssetUnknown: 'notFound',
  MethodNotFound: 'notFound',
  OriginRefused: 'refused',
  KeyFileExposed: 'refused',
  SignerMissing: 'refused',
  AccountMissing: 'refused',
  AccountUnauthorized: 'refused',
  SponsorshipRefused: 'refused',
  LocalNotRunning: 'unreachable',
  ValidatorsUnreachable: 'unreachable',
  NodeSilent: 'unreachable',
  AnswerStrange: 'unreachable',
  LocalRunning: 'conflict',
  FolderLocked: 'conflict',
  FileExists: 'conflict',
  AccountTaken: 'conflict',
  SnapshotTaken: 'conflict',
  PortsTaken: 'conflict',
  DiskFull: 'limit',
  FaucetLimited: 'limit',
  FundsShort: 'limit',
  FundsInsufficient: 'limit',
  FeeFundsInsufficient: 'limit',
  RequestLimitExceeded: 'limit',
  MempoolFull: 'limit',
  ConfirmationMissing: 'cancelled',
  RequestTimeout: 'timeout',
  WaitedTooLong: 'timeout',
  AnswerLate: 'timeout',
  PartSlow: 'timeout',
  Interrupted: 'interrupted',
}

/** The exit code for what a command threw. */
export function exitOf(error: unknown): number {
  return exitCodes[error instanceof BanyanError ? (exitsByKind[error.kind] ?? 'failed') : 'failed']
}
