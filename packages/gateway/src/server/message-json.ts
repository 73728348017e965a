import { positionText } from '@banyan/topics'
import type { Message } from '../hub/message.js'

const decoder = new TextDecoder('utf-8', { fatal: true })

/** A message as JSON tells it: its payload as text if it is text, otherwise as base64. */
export type MessageJson = {
  readonly topic: string
  /** Milliseconds since 1970. */
  readonly time: number
  readonly position?: string
  readonly contentType?: string
  readonly text?: string
  readonly base64?: string
}

export function messageJson({ topic, time, seq, properties, payload }: Message, epoch: string): MessageJson {
  return {
    topic,
    time,
    ...(seq !== undefined && { position: positionText({ epoch, seq }) }),
    ...(properties?.contentType !== undefined && { contentType: properties.contentType }),
    ...payloadJson(payload),
  }
}

function payloadJson(payload: Uint8Array): { readonly text: string } | { readonly base64: string } {
  try {
    return { text: decoder.decode(payload) }
  } catch {
    return { base64: Buffer.from(payload).toString('base64') }
  }
}
