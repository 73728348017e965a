/** Answers that wait for their clients, in bounded memory. */
export type Answer = {
  status: number
  headers: readonly string[]
  readonly pieces: Uint8Array[]
  size: number
}

export type Results = {
  readonly begin: (id: string) => void
  readonly head: (id: string, status: number, headers: readonly string[]) => void
  /** Returns false if there is no room; then nothing of it is kept. */
  readonly add: (id: string, bytes: Uint8Array) => boolean
  readonly get: (id: string) => Answer | undefined
  readonly drop: (id: string) => void
}

export function createResults(limits: { readonly each: number; readonly total: number }): Results {
  const answers = new Map<string, Answer>()
  let used = 0
  const drop = (id: string): void => {
    used -= answers.get(id)?.size ?? 0
    answers.delete(id)
  }
  return {
    begin: (id) => answers.set(id, { status: 0, headers: [], pieces: [], size: 0 }),
    head: (id, status, headers) => {
      const answer = answers.get(id)
      if (answer === undefined) return
      answer.status = status
      answer.headers = headers
    },
    add: (id, bytes) => {
      const answer = answers.get(id)
      if (answer === undefined) return false
      if (answer.size + bytes.length > limits.each || used + bytes.length > limits.total) {
        drop(id)
        return false
      }
      // A copy: a view would keep the whole message that it came with.
      if (bytes.length > 0) answer.pieces.push(bytes.slice())
      answer.size += bytes.length
      used += bytes.length
      return true
    },
    get: (id) => answers.get(id),
    drop,
  }
}
