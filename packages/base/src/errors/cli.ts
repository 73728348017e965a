import { defineErrors } from './definition.js'

/** 2350-2399: the command line. */
export const cliErrors = defineErrors({
  CommandUnknown: {
    code: 2350,
    message: 'There is no command "{given}".{suggestion}',
    cause: 'The word is mistyped, or belongs to another version.',
    fix: 'List the commands with `banyan --help`.',
    retryable: false,
  },
  UsageWrong: {
    code: 2351,
    message: '`{command}`: {reason}.',
    cause: 'The arguments or options do not fit the command.',
    fix: 'Look at its --help, which begins with examples.',
    retryable: false,
  },
  ConfirmationMissing: {
    code: 2352,
    message: 'Nothing was done: {act} needs a yes.',
    cause: 'It cannot be undone, and nobody could be asked here, or the answer was no.',
    fix: 'Say it by --yes.',
    retryable: false,
  },
  SettingUnknown: {
    code: 2353,
    message: 'There is no setting "{name}".',
    cause: 'A configuration file or the command names a setting that this version does not have.',
    fix: 'List all settings with `banyan config explain`.',
    retryable: false,
  },
  SettingInvalid: {
    code: 2354,
    message: 'The setting {name} is not valid: {reason} ({source}).',
    cause:
      'Settings come from flags, then the environment, then files, then defaults, and are checked before anything is done.',
    fix: 'Correct it where the message says that it comes from.',
    retryable: false,
  },
  SecretInFlag: {
    code: 2355,
    message: 'A secret may not stand in {flag}.',
    cause: 'Command lines are seen by other users of the machine and are kept in the history of the shell.',
    fix: 'Give it by a file with --key-file, or on standard input with --key-file -.',
    retryable: false,
  },
  Interrupted: {
    code: 2356,
    message: 'Interrupted.',
    cause: 'You pressed Ctrl-C, or another program sent a signal.',
    fix: 'Run it again if you still want it; a transaction that was sent may become final all the same.',
    retryable: true,
  },
  NetworkUnreachable: {
    code: 2357,
    message: '{url} cannot be reached: {reason}.',
    cause: 'Nothing listens there, or something on the way refuses.',
    fix: 'Check the address; `banyan status` tells where the local network is.',
    retryable: true,
  },
  WaitedTooLong: {
    code: 2358,
    message: '{what} did not happen within {seconds} s.',
    cause: 'The network is busy, stands still, or the machine is very slow.',
    fix: 'Look at `banyan status`; allow more time with --timeout. What was sent may still happen.',
    retryable: true,
  },
})
