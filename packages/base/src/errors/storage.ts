import { defineErrors } from './definition.js'

/** 1500-1599: files and folders. */
export const storageErrors = defineErrors({
  DiskFull: {
    code: 1500,
    message: 'No space is left on the disk that holds {path}.',
    cause: 'The operating system refused to write.',
    fix: 'Free space or move the data folder; nothing that was acknowledged is lost.',
    retryable: true,
  },
  DiskFailed: {
    code: 1501,
    message: 'The disk operation {operation} on {path} failed.',
    cause: 'The operating system reported an input or output error.',
    fix: 'Check the disk and the permissions of the folder, then restart.',
    retryable: true,
  },
  LogDamaged: {
    code: 1502,
    message: 'The log {path} is damaged in the middle, at byte {offset}.',
    cause: 'Records after the damage are intact, so this is not an interrupted write.',
    fix: 'Restore the damaged records from a peer or a backup.',
    retryable: false,
  },
  RecordTooLarge: {
    code: 1503,
    message: 'The record has {size} bytes; at most {limit} fit.',
    cause: 'Log records are bounded so that a damaged length cannot exhaust memory.',
    fix: 'Split it, or open the log with a higher limit.',
    retryable: false,
  },
  FolderLocked: {
    code: 1504,
    message: 'The folder {path} is in use by process {pid}.',
    cause: 'Two processes must not write to one data folder.',
    fix: 'Stop the other process, or choose another folder.',
    retryable: true,
  },
  FormatUnknown: {
    code: 1505,
    message: 'The file {path} has format {given}; this version reads {expected}.',
    cause: 'The file was written by another version of the program, or is not one of its files.',
    fix: 'Use the version that wrote it, or remove the file if it is not needed.',
    retryable: false,
  },
  LogClosed: {
    code: 1506,
    message: 'The log {name} is closed.',
    cause: 'Something was written to a log after it had been closed.',
    fix: 'Open the log again.',
    retryable: false,
  },
  LogBusy: {
    code: 1507,
    message: 'Too many records wait for the disk in the log {name}.',
    cause: 'Records arrive faster than the disk makes them durable, and the queue is bounded.',
    fix: 'Wait for earlier appends before you send more.',
    retryable: true,
  },
  GenesisMismatch: {
    code: 1508,
    message: 'The folder {path} holds the chain with genesis {stored}; the given genesis is {given}.',
    cause: 'A data folder belongs to one chain, whose genesis block has one id.',
    fix: 'Start with the genesis this folder was made with, or choose another folder.',
    retryable: false,
  },
  HistoryGap: {
    code: 1509,
    message: 'The blocks {from} to {to}, which were final, are missing in {path}.',
    cause: 'The block log does not hold them, and no intact snapshot contains their effects.',
    fix: 'Copy the folder from a backup or another node of this chain.',
    retryable: false,
  },
})
