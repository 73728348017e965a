import { defineErrors } from './definition.js'

/** 2500-2529: the program that contributes a machine. */
export const minerErrors = defineErrors({
  MinerUnfit: {
    code: 2500,
    message: 'This machine does not pass the fitness test: {reason}.',
    cause: 'Requests would take too long on it.',
    fix: 'End other programs that are at work and try again, or offer DServices that need less.',
    retryable: true,
  },
  MinerResting: {
    code: 2501,
    message: 'This miner does not work now: {reason}.',
    cause: 'Its owner has set conditions for working, and they are not met.',
    fix: 'Nothing: it begins again when they are met. The conditions stand in its settings.',
    retryable: true,
  },
  DServiceNotOffered: {
    code: 2502,
    message: 'This miner does not offer {release}.',
    cause: 'Its owner has not chosen it, or chose another version.',
    fix: 'Choose it with --dservice.',
    retryable: false,
  },
  DServiceFailed: {
    code: 2503,
    message: 'The DService {name} did not answer as it should: {reason}.',
    cause: 'It ended or closed the connection before it had answered.',
    fix: 'Look at its log on the miner; the request is tried elsewhere.',
    retryable: true,
  },
  MinerTokenMissing: {
    code: 2504,
    message: 'There is no token to join {region} with.',
    cause: 'A region takes miners whose accounts it knows.',
    fix: 'Put the token that the region gave you into a file of mode 600 and name it with --token-file.',
    retryable: false,
  },
  MinerDraining: {
    code: 2505,
    message: 'This miner is about to stop and takes no more work.',
    cause: 'It was asked to stop; it finishes what it has begun.',
    fix: 'Nothing: the request is tried elsewhere.',
    retryable: true,
  },
  MinerTokenUsed: {
    code: 2506,
    message: 'The region {region} does not accept the token.',
    cause: 'It was used, perhaps by another machine, has expired, or never existed. Each works once.',
    fix: 'Ask whoever runs the account of the miner for a new token.',
    retryable: false,
  },
})
