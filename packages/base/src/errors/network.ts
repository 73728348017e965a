import { defineErrors } from './definition.js'

/** 1700-1799: connections between nodes. */
export const networkErrors = defineErrors({
  PeerUnknown: {
    code: 1700,
    message: 'Peer {peer} is not connected.',
    cause: 'The connection was lost or never made, or the peer is banned.',
    fix: 'Ask another peer, or wait until it is connected again.',
    retryable: true,
  },
  PeerBusy: {
    code: 1701,
    message: 'Peer {peer} has no room for another request.',
    cause: 'Requests at the same time are bounded, per peer and overall, on both sides.',
    fix: 'Wait for earlier requests, or ask another peer.',
    retryable: true,
  },
  PeerTimeout: {
    code: 1702,
    message: 'Peer {peer} did not answer within {timeoutMs} ms.',
    cause: 'The peer or the way to it is slow, or it stopped in the middle of its answer.',
    fix: 'Ask another peer, or allow more time.',
    retryable: true,
  },
  PeerFailed: {
    code: 1703,
    message: 'The answer of peer {peer} is of no use: {reason}.',
    cause: 'The peer could not answer, broke off, or did not keep to the protocol.',
    fix: 'Ask another peer.',
    retryable: true,
  },
  PeerAddressMalformed: {
    code: 1704,
    message: '"{address}" is not the address of a peer.',
    cause:
      'An address is a multiaddr that ends with the id of the peer, such as /ip4/192.0.2.7/tcp/4100/p2p/12D3Koo….',
    fix: 'Copy the address as the other node prints it, with its id.',
    retryable: false,
  },
  NetworkOptionInvalid: {
    code: 1705,
    message: 'The network option {option} is {given}; it must be {expected}.',
    cause: 'Limits are checked before a node opens a port.',
    fix: 'Correct the option, or leave it out to get the default.',
    retryable: false,
  },
  ListenFailed: {
    code: 1706,
    message: 'The node cannot listen on {addresses}.',
    cause: 'Another program uses the port, the address does not belong to this machine, or it is malformed.',
    fix: 'Choose another port or address, or stop the other program.',
    retryable: true,
  },
})
