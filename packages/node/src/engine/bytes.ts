import { BanyanError, createReader, fail, type Reader } from '@banyan/base'

export { createWriter as writer } from '@banyan/base'

export function malformed(reason: string): never {
  fail('MessageMalformed', { reason })
}

/** Reads a message; every function throws MessageMalformed where there is too little or too much. */
export function reader(bytes: Uint8Array): Reader {
  return createReader(bytes, malformed)
}

/** What is not a peer's fault: a defect, or that the network has gone on to rules that this program does not know. */
const own: ReadonlySet<BanyanError['kind']> = new Set(['InvariantBroken', 'UpgradeRequired'] as const)

/** The result of reading what a peer has sent; `undefined` if it is malformed. */
export function attempt<Result>(read: () => Result): Result | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof BanyanError && !own.has(error.kind)) return undefined
    throw error
  }
}
