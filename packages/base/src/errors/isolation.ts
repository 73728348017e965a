import { defineErrors } from './definition.js'

/** 2420-2439: running workloads apart from each other and from the machine. */
export const isolationErrors = defineErrors({
  IsolationUnavailable: {
    code: 2420,
    message: 'Nothing on this machine can isolate a workload: {reason}.',
    cause: 'Neither bubblewrap nor podman works here, as the probes named in the message show.',
    fix: 'On Debian: `apt-get install bubblewrap util-linux`. For development alone, allow plain processes by name.',
    retryable: false,
  },
  IsolationUnusable: {
    code: 2421,
    message: 'The isolation {driver} cannot be used: {reason}.',
    cause: 'A program is missing, or the kernel or the container around this one forbids what it needs.',
    fix: 'Remove the reason, or choose another driver.',
    retryable: false,
  },
  PlainProcessRefused: {
    code: 2422,
    message: 'A plain process is no isolation, and was not allowed by name.',
    cause: 'Its code could read and write whatever this user can.',
    fix: 'Use bubblewrap or podman. For development alone, set the flag that allows it.',
    retryable: false,
  },
  WorkloadInvalid: {
    code: 2423,
    message: 'The workload cannot be started: {reason}.',
    cause: 'A limit is out of its range, or the folder, the command or a variable has the wrong form.',
    fix: 'Correct what the message names.',
    retryable: false,
  },
  WorkloadEnded: {
    code: 2424,
    message: 'The workload {name} {outcome}.',
    cause:
      'It crashed, or used more memory or processes than its limits allow. Its last lines are in its log.',
    fix: 'Look at its log; correct it, or give it higher limits.',
    retryable: true,
  },
  WorkloadSilent: {
    code: 2425,
    message: 'The workload {name} did not answer {path} within {milliseconds} ms.',
    cause: 'It listens on another port than PORT says, has not finished starting, or hangs.',
    fix: 'Let it listen on 127.0.0.1 at the port of the variable PORT and answer its health path with 200.',
    retryable: true,
  },
  PoolFull: {
    code: 2426,
    message: 'All {count} instances of {name} are at work.',
    cause: 'More requests came at once than its instances take.',
    fix: 'Try again shortly, or allow more instances.',
    retryable: true,
  },
})
