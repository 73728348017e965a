import { defineErrors } from './definition.js'

/** 2440-2459: the tunnel between a region and a miner. */
export const tunnelErrors = defineErrors({
  TunnelFrameInvalid: {
    code: 2440,
    message: 'A frame of the tunnel is not valid: {reason}.',
    cause: 'The other end does not keep to the protocol, or is of another version.',
    fix: 'Update the older of the two programs; docs/formats.md defines every frame.',
    retryable: false,
  },
  TunnelCreditExceeded: {
    code: 2441,
    message: 'Stream {stream} of the tunnel got {bytes} bytes more than its credits allow.',
    cause: 'The other end sent without waiting for credits, or granted more than a window holds.',
    fix: 'Update the other end; the connection was ended to bound memory.',
    retryable: true,
  },
  TunnelFlooded: {
    code: 2442,
    message: 'The other end sent {count} small frames within a second; {limit} are allowed.',
    cause: 'It spends the time of this end on frames that carry nothing.',
    fix: 'Send data in larger pieces, and progress and pings less often.',
    retryable: true,
  },
  TunnelSilent: {
    code: 2443,
    message: 'The other end of the tunnel has been silent for {milliseconds} ms.',
    cause: 'Its machine or the network between is down, or it is too busy to answer a ping.',
    fix: 'Nothing: a miner connects again by itself.',
    retryable: true,
  },
  TunnelRefused: {
    code: 2444,
    message: 'The region at {url} refused the miner: {reason}.',
    cause: 'The credentials are wrong or banned, or the region takes no miners at present.',
    fix: 'Check the id and the key of the miner; for a busy region, try again later or another region.',
    retryable: true,
  },
  TunnelUnreachable: {
    code: 2445,
    message: 'The region at {url} cannot be reached: {reason}.',
    cause: 'It is down, the address is wrong, or a firewall is between.',
    fix: 'Check the address; a miner needs nothing but outgoing connections to it.',
    retryable: true,
  },
  TunnelClosed: {
    code: 2446,
    message: 'The tunnel is closed: {reason}.',
    cause: 'One of its ends closed it, or the connection broke.',
    fix: 'Nothing: a miner connects again by itself unless it was told to stop.',
    retryable: true,
  },
  TunnelStreamEnded: {
    code: 2447,
    message: 'The request ended before its answer was complete: {reason}.',
    cause: 'The client went away, a deadline passed, or another miner was faster.',
    fix: 'Stop the work; nobody waits for its result.',
    retryable: false,
  },
})
