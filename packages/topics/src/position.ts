/**
 * A place in the history of all topics that have one: the same text in every protocol. Positions of one epoch are ordered by
 * `seq`; another epoch is another history, of which they say nothing.
 */
export type Position = { readonly epoch: string; readonly seq: number }

const form = /^([0-9a-z]{1,16}):(0|[1-9][0-9]{0,15})$/

export function positionText({ epoch, seq }: Position): string {
  return `${epoch}:${seq}`
}

/** Undefined if the text is no position. */
export function parsePosition(text: string): Position | undefined {
  const found = form.exec(text)
  if (found === null) return undefined
  const seq = Number(found[2])
  return Number.isSafeInteger(seq) ? { epoch: found[1]!, seq } : undefined
}
