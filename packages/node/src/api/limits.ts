/** Bounds of what one client, or all together, may ask of a node. */
export type ApiLimits = {
  /** Bytes of the body of one request. */
  readonly bodyBytes: number
  /** Bytes of the bodies of all requests that are being read or answered. */
  readonly allBodyBytes: number
  /** Calls in a JSON-RPC batch, and envelopes in one submission. */
  readonly batch: number
  /** Characters of the answer to a batch; calls beyond get an error. */
  readonly answerLength: number
  /** Milliseconds for the answer to one request. */
  readonly answerMs: number
  readonly connections: number
  /** Gas of a simulated call. */
  readonly callGas: number
  /** Blocks in the range of a log query. */
  readonly logBlocks: number
  /** Logs in an answer. */
  readonly logs: number
  /** Whole transactions or receipts in an answer. */
  readonly transactions: number
  /** Ids of transactions in a block. */
  readonly ids: number
  readonly filters: number
  /** Milliseconds after which a filter that nobody asks is forgotten. */
  readonly filterMs: number
  /** Items that a filter keeps between questions, and that one answer about new blocks holds. */
  readonly filterItems: number
  readonly sockets: number
  readonly subscriptionsPerSocket: number
  /** Bytes waiting to be sent to one WebSocket or event stream; beyond, it is closed. */
  readonly queuedBytes: number
  /** JSON-RPC requests of one WebSocket that may wait for their answers. */
  readonly requestsPerSocket: number
}

export const defaultLimits: ApiLimits = {
  bodyBytes: 16 * 1024 * 1024,
  allBodyBytes: 256 * 1024 * 1024,
  batch: 2_000,
  answerLength: 64 * 1024 * 1024,
  answerMs: 30_000,
  connections: 2_000,
  callGas: 50_000_000,
  logBlocks: 10_000,
  logs: 10_000,
  transactions: 10_000,
  ids: 250_000,
  filters: 1_000,
  filterMs: 300_000,
  filterItems: 10_000,
  sockets: 1_000,
  subscriptionsPerSocket: 64,
  queuedBytes: 8 * 1024 * 1024,
  requestsPerSocket: 64,
}
