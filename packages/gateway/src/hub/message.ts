import type { TopicName } from '@banyan/topics'
import type { TopicClass } from './name-spaces.js'

/** 0: once at most. 1: once at least. 2: exactly once. */
export type Qos = 0 | 1 | 2

/** What a publisher may say of a payload. */
export type MessageProperties = {
  readonly isText?: boolean
  readonly contentType?: string
  /** Where an answer is expected. */
  readonly responseTopic?: TopicName
  /** Tells the one who asked which question an answer belongs to. */
  readonly correlation?: Uint8Array
  readonly userProperties?: readonly (readonly [name: string, value: string])[]
}

/** What a publisher gives. */
export type NewMessage = {
  readonly topic: TopicName
  /** May be a view of bytes that belong to others: the hub copies what it keeps. */
  readonly payload: Uint8Array
  readonly qos: Qos
  /** Kept as the last value of its topic; an empty payload removes that. */
  readonly retain: boolean
  /** Milliseconds of the hub's clock. */
  readonly expiresAt: number | undefined
  readonly properties: MessageProperties | undefined
  /** Who published it: subscriptions may leave out what their own subscriber sent. */
  readonly from: object | undefined
  /** The message as it came, where that is a form which others get too. */
  readonly frames: (Uint8Array | undefined)[] | undefined
}

/** A message that the hub has accepted. */
export type Message = Omit<NewMessage, 'frames'> & {
  /** The class of its topic; an event that is to be retained has a position too. */
  readonly class: TopicClass
  /** Its place in the history, if it is kept. */
  readonly seq: number | undefined
  /** The text of that place, the same in every protocol. */
  readonly position: string | undefined
  /** Milliseconds since 1970. */
  readonly time: number
  /** Bytes that are the same for many receivers, by the slot of their form (`sharedFrame`). */
  frames: (Uint8Array | undefined)[] | undefined
}

let slots = 0

/** A number for one form of messages that many receivers share. */
export function newFrameSlot(): number {
  return slots++
}

/** A message in one form, which is encoded once however many get it. */
export function sharedFrame(
  message: Message,
  slot: number,
  encode: (message: Message) => Uint8Array,
): Uint8Array {
  message.frames ??= []
  let frame = message.frames[slot]
  if (frame === undefined) {
    frame = encode(message)
    message.frames[slot] = frame
  }
  return frame
}

export function isExpired({ expiresAt }: Message, now: number): boolean {
  return expiresAt !== undefined && expiresAt <= now
}
