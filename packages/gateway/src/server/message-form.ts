import type { Message } from '../hub/message.js'

const decoder = new TextDecoder('utf-8', { fatal: true })

/** What every form of a message tells besides its payload. */
export type MessageHead = {
  readonly topic: string
  /** Milliseconds since 1970. */
  readonly time: number
  readonly position?: string
  readonly contentType?: string
}

/** A message as JSON tells it: its payload as text if it is text, otherwise as base64. */
export type MessageJson = MessageHead & { readonly text?: string; readonly base64?: string }

export function messageHead({ topic, time, position, properties }: Message): MessageHead {
  return {
    topic,
    time,
    ...(position !== undefined && { position }),
    ...(properties?.contentType !== undefined && { contentType: properties.contentType }),
  }
}

export function messageJson(message: Message): MessageJson {
  const text = textOf(message.payload)
  const payload = text === undefined ? { base64: Buffer.from(message.payload).toString('base64') } : { text }
  return { ...messageHead(message), ...payload }
}

/** Undefined if the bytes are not valid UTF-8. */
export function textOf(payload: Uint8Array): string | undefined {
  try {
    return decoder.decode(payload)
  } catch {
    return undefined
  }
}
