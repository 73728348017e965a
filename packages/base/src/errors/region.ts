import { defineErrors } from './definition.js'

/** 2460-2499: regions of the compute network and the work they take. */
export const regionErrors = defineErrors({
  RegionBusy: {
    code: 2460,
    message: 'The region has more work than it can do soon.',
    cause: 'Its queue has been long for a while, or is full, and no other region has room.',
    fix: 'Try again after the time that retry-after gives, or use another region.',
    retryable: true,
  },
  RegionStopping: {
    code: 2461,
    message: 'The region is about to stop and takes no more work.',
    cause: 'It is being updated or shut down.',
    fix: 'Use another region, or try again in a moment.',
    retryable: true,
  },
  ServiceUnknown: {
    code: 2462,
    message: 'No miner of this region offers the service.',
    cause: 'The name is mistyped, or all miners that have the service are connected elsewhere.',
    fix: 'Compare the name with the services at the status endpoint, or use another region.',
    retryable: true,
  },
  AccountBusy: {
    code: 2463,
    message: 'The account has as many requests under way as one account may have.',
    cause: 'One account may not fill the queues of a region.',
    fix: 'Wait for earlier requests before sending more.',
    retryable: true,
  },
  DeadlinePassed: {
    code: 2464,
    message: 'The work was not done within its total time.',
    cause: 'The service is slow, or its miners are busy or failing.',
    fix: 'Allow more time by the header banyan-total-ms, or send it as a job.',
    retryable: true,
  },
  MinersFailed: {
    code: 2465,
    message: 'One miner after another failed at this request.',
    cause: 'The request itself may break the service, or the miners of the service are ill.',
    fix: 'Try again later; if only this request fails, tell the developer of the service.',
    retryable: true,
  },
  MinerLost: {
    code: 2466,
    message: 'A miner was lost, and the request is too large to be given to another.',
    cause:
      'Only so much of a request is kept for another try, and the region has no room for more at present.',
    fix: 'Send the request again.',
    retryable: true,
  },
  AffinityLost: {
    code: 2467,
    message: 'The miner that the affinity token leads to is gone.',
    cause: 'With hard affinity no other miner may do the work; the token has expired or its miner has left.',
    fix: 'Begin anew without the token, or ask for soft affinity.',
    retryable: false,
  },
  ClientGone: {
    code: 2468,
    message: 'The client went away, or cancelled the work.',
    cause: 'Nobody waits for the answer any more.',
    fix: 'Nothing.',
    retryable: false,
  },
  WorkMalformed: {
    code: 2469,
    message: 'The request cannot be taken: {reason}.',
    cause:
      'Its address or one of the headers that begin with banyan- has another form than docs/compute.md tells.',
    fix: 'Correct what the message names.',
    retryable: false,
  },
  BodyTooLarge: {
    code: 2470,
    message: 'The body is larger than {limit} bytes.',
    cause: 'What passes through a region is bounded.',
    fix: 'Put large data into storage of your own, and send its address.',
    retryable: false,
  },
  CredentialRefused: {
    code: 2471,
    message: 'There is no valid key or token with the request.',
    cause: 'It is missing or mistyped, the token has expired, or the account is suspended.',
    fix: 'Send authorization: Bearer with the key of your account, or with a new token from /_banyan/session.',
    retryable: false,
  },
  GuessingBarred: {
    code: 2472,
    message: 'This address has sent too many wrong keys.',
    cause: 'Guessing of keys is slowed down.',
    fix: 'Wait a minute, then send the right key.',
    retryable: true,
  },
  KeySpent: {
    code: 2473,
    message: 'Work with this idempotency key is under way, or its answer is not kept any more.',
    cause: 'A key stands for one piece of work, which is charged once.',
    fix: 'Wait for the first request, or use a new key for new work.',
    retryable: false,
  },
  JobUnknown: {
    code: 2474,
    message: 'There is no job {id} of this account.',
    cause: 'The id is mistyped, or the job ended so long ago that it was forgotten.',
    fix: 'Compare the id with the answer that the job was accepted with.',
    retryable: false,
  },
  JobResultTooLarge: {
    code: 2475,
    message: 'The answer of the job is larger than what is kept.',
    cause: 'Answers of jobs wait in the memory of the region.',
    fix: 'Let the service write large results into storage of your own, or send the work without prefer: respond-async.',
    retryable: false,
  },
  WebhookRefused: {
    code: 2476,
    message: 'The webhook {url} cannot be used: {reason}.',
    cause:
      'A webhook is an https address of the public internet, so that nobody reaches private networks through a region.',
    fix: 'Give an address that anybody could reach, or ask for the state of the job instead.',
    retryable: false,
  },
})
