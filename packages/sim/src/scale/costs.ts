/** CPU time of the operations of a signature scheme for votes, µs. */
export type SignatureCosts = {
  /** Bytes of a signature, and whether a certificate carries each of them or only their sum. */
  readonly bytes: number
  readonly isSummed: boolean
  readonly sign: number
  readonly verify: number
  /** Combining, for each signature. */
  readonly combine: number
  /** Verifying a certificate: once, and for each signer. */
  readonly verifyCombined: number
  readonly verifyCombinedEach: number
}

/** CPU time that consensus and the network cost a validator on its main thread, µs. */
export type NodeCosts = {
  readonly ed25519: SignatureCosts
  readonly bls: SignatureCosts
  /** Decoding a vote and stepping the core with it, without signatures. */
  readonly step: number
  /** Sending and receiving a message, encrypted: for the message, and for each of its bytes. */
  readonly sendMessage: number
  readonly receiveMessage: number
  readonly sendByte: number
  readonly receiveByte: number
  /** A write until it is durable: time that passes without CPU, and for each byte. */
  readonly sync: number
  readonly writeByte: number
}

/** A kind of transactions. */
export type Payload = {
  readonly name: string
  /** On the wire, in a batch. */
  readonly bytes: number
  /** CPU time of checking its signature, on a worker thread, µs. */
  readonly verify: number
  /** CPU time of everything else of it, on the main thread, µs: identity, execution, receipts, state root, log. */
  readonly execute: number
}

/** Nothing costs anything: what is left is the network's delay. */
export const freeCosts: NodeCosts = {
  ed25519: free(64, false),
  bls: free(96, true),
  step: 0,
  sendMessage: 0,
  receiveMessage: 0,
  sendByte: 0,
  receiveByte: 0,
  sync: 0,
  writeByte: 0,
}

function free(bytes: number, isSummed: boolean): SignatureCosts {
  return { bytes, isSummed, sign: 0, verify: 0, combine: 0, verifyCombined: 0, verifyCombinedEach: 0 }
}
