import { defineErrors } from './definition.js'

/** 2000-2049: programs, their files and their ends. */
export const programErrors = defineErrors({
  FileUnreadable: {
    code: 2000,
    message: 'The file {path} cannot be read: {reason}.',
    cause: 'It does not exist, is no file, or belongs to another user.',
    fix: 'Check the path and the permissions; `banyan-node init` makes all files of a new network.',
    retryable: false,
  },
  FileInvalid: {
    code: 2001,
    message: 'The file {path} is not valid: {reason}.',
    cause: 'It is not JSON, or not in the form that docs/node.md describes.',
    fix: 'Correct what the message names.',
    retryable: false,
  },
  FileExists: {
    code: 2002,
    message: '{path} exists already.',
    cause: 'Keys, genesis files and folders of nodes are never overwritten.',
    fix: 'Choose another name, or remove it yourself if nothing needs it any more.',
    retryable: false,
  },
  KeyFileExposed: {
    code: 2003,
    message: 'The key file {path} can be read or written by other users: its mode is {mode}.',
    cause: 'Whoever has a copy of a key can act in the name of its owner.',
    fix: 'Run `chmod 600` on it; if somebody may have read it, make new keys.',
    retryable: false,
  },
  SignerMemoryLost: {
    code: 2004,
    message: 'The memory of what this key has signed is {loss} in {path}.',
    cause:
      'The folder was removed, damaged or replaced by an older copy, or the key was never enrolled here. Voting without it could contradict earlier votes.',
    fix: 'Nothing: the node follows, and votes again after two epochs. A key that is new on this chain is put to use by `banyan-node enroll`.',
    retryable: true,
  },
  StopTimeout: {
    code: 2005,
    message: 'The node did not stop within {milliseconds} ms and was ended.',
    cause: 'The disk is slow, or something in the node hangs.',
    fix: 'Nothing that was acknowledged is lost: start it again. Allow more time by stopTimeout if it happens often.',
    retryable: true,
  },
  ClockWrong: {
    code: 2006,
    message: 'The clock of this node is {seconds} s ahead of the times of final blocks.',
    cause:
      'The clock was wrong when the node started: it is read once. The others refuse what a node with a fast clock proposes; one with a slow clock refuses what they propose.',
    fix: 'Set the clock of the machine, by NTP for example, and restart the node. It follows the chain meanwhile.',
    retryable: true,
  },
})
