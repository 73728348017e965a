import { fail } from '@banyan/base'

/** The API of central for one of its keys. */
export type AskCentral = <Answer>(path: string, body: object) => Promise<Answer>

const timeoutMs = 30_000

/** Asks by POST. Error: ComputeUnmade, with what central says. */
export function askCentral(api: string, key: string): AskCentral {
  return async <Answer>(path: string, body: object): Promise<Answer> => {
    const response = await fetch(`${api}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    }).catch((error: unknown) => fail('ComputeUnmade', { reason: 'central does not answer' }, error))
    const text = await response.text()
    if (response.ok) return JSON.parse(text) as Answer
    return fail('ComputeUnmade', { reason: `central refuses ${path}: ${messageIn(text)}` })
  }
}

function messageIn(text: string): string {
  try {
    return (JSON.parse(text) as { error: { message: string } }).error.message
  } catch {
    return text.slice(0, 200)
  }
}
