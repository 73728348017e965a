import { defineErrors } from './definition.js'

/** 2300-2349: a local network under its supervisor. */
export const localErrors = defineErrors({
  LocalRunning: {
    code: 2300,
    message: 'A network already runs from {folder}: process {pid}, {origin}.',
    cause: 'One folder holds one network, and one supervisor runs it.',
    fix: 'Use the one that runs, stop it with `banyan down`, or choose another folder with --folder.',
    retryable: true,
  },
  LocalNotRunning: {
    code: 2301,
    message: 'No network runs from {folder}.',
    cause: 'It was not started, has been stopped, or was started from another folder.',
    fix: 'Start one with `banyan up`, or name the folder of the one that runs with --folder.',
    retryable: true,
  },
  PortsTaken: {
    code: 2302,
    message: 'No port from {first} to {last} is free; {first} belongs to {holder}.',
    cause: 'Other programs listen on all of them.',
    fix: 'Stop one of those programs, or choose another port with --port.',
    retryable: true,
  },
  PartFailed: {
    code: 2303,
    message: '{part} {outcome} before it was ready.',
    cause: 'What it printed last stands above, with the reason.',
    fix: 'Remove the reason and start again. Where its data are damaged, `banyan snapshot load` goes back and `banyan reset` begins anew.',
    retryable: true,
  },
  PartSlow: {
    code: 2304,
    message: '{part} was not ready within {seconds} s.',
    cause: 'The machine is very busy or short of memory, or the part waits for something.',
    fix: 'Look at `banyan doctor`, and at what it printed last, above; then start again.',
    retryable: true,
  },
  StateDamaged: {
    code: 2305,
    message: 'The state in {path} is damaged: {reason}.',
    cause:
      'A file was removed or changed by something else than Banyan, or belongs to another version of it.',
    fix: 'Go back with `banyan snapshot load`, or begin anew with `banyan reset`, which gives the chain a new id.',
    retryable: false,
  },
  FaucetLimited: {
    code: 2306,
    message: 'The faucet gives nothing now: {reason}.',
    cause: 'Test money is bounded, for each address and in all, so that a loop cannot fill the chain.',
    fix: 'Wait a minute, or use another address.',
    retryable: true,
  },
  ValidatorsUnreachable: {
    code: 2307,
    message: 'None of the {count} validators answers.',
    cause: 'They are starting, restarting, or have ended.',
    fix: 'Ask again in a few seconds; `banyan status` and `banyan logs` tell what they do.',
    retryable: true,
  },
  PartUnknown: {
    code: 2308,
    message: 'There is no part named "{part}".',
    cause: 'The local network has the parts that `banyan status` lists.',
    fix: 'Use one of those names.',
    retryable: false,
  },
  PageUnknown: {
    code: 2309,
    message: 'There is no page {path}.',
    cause: 'The address is mistyped, or the page has moved.',
    fix: 'Begin at /docs/, which lists all pages.',
    retryable: false,
  },
  StateMissing: {
    code: 2310,
    message: 'No network was made in {folder} yet.',
    cause: 'The first `banyan up` makes it; perhaps it was made in another folder.',
    fix: 'Name the folder with --folder, or make a network with `banyan up`.',
    retryable: false,
  },
  ComputeNotReady: {
    code: 2311,
    message: 'This network does not compute now: {reason}.',
    cause:
      'Its region and miners come up after the chain, were left out at the start, or could not be started.',
    fix: 'Look at `banyan status`, and ask again in a few seconds. A network that was started with --lite or --no-compute computes after a start without them.',
    retryable: true,
  },
  ComputeUnmade: {
    code: 2312,
    message: 'What computes on this network could not be made: {reason}.',
    cause:
      'Accounts, keys and the package of Darkroom are made at the first start, and one of the steps failed.',
    fix: 'Remove the reason and start again: what was half made is made anew.',
    retryable: true,
  },
  PartEnded: {
    code: 2313,
    message: '{part} {outcome}.',
    cause: 'Something else than the network ended it, or it has a defect.',
    fix: 'It is started again by itself; `banyan logs {part}` shows what it printed.',
    retryable: true,
  },
  PartHangs: {
    code: 2314,
    message: '{part}, process {pid}, has not answered for {seconds} s.',
    cause:
      'Its process was stopped, or is busy with something that does not end; or the machine is overloaded.',
    fix: 'Let it go on with `kill -CONT {pid}`, or end it with `kill -KILL {pid}`: it is started again by itself.',
    retryable: true,
  },
})
