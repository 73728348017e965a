import { mqttName, mqttNameOf, type TopicName } from '@banyan/topics'
import type { Message, MessageProperties } from '../hub/message.js'
import type { PublishProperties } from './publish-properties.js'

/** What a PUBLISH or a will says of its payload, as the hub keeps it. Error: TopicInvalid. */
export function messageProperties(properties: PublishProperties | undefined): MessageProperties | undefined {
  if (properties === undefined) return undefined
  const { payloadFormat, contentType, responseTopic, correlation, userProperties } = properties
  return {
    ...(payloadFormat !== undefined && { isText: payloadFormat === 1 }),
    ...(contentType !== undefined && { contentType }),
    ...(responseTopic !== undefined && { responseTopic: mqttName(responseTopic) }),
    ...(correlation !== undefined && { correlation }),
    ...(userProperties !== undefined && { userProperties: userProperties.filter(isOwn) }),
  }
}

export function expiryOf(properties: PublishProperties | undefined, now: number): number | undefined {
  return properties?.messageExpiry === undefined ? undefined : now + properties.messageExpiry * 1000
}

/** Properties for a receiver, without those of its subscription; undefined if there are none. */
export function publishProperties(message: Message, now: number): PublishProperties | undefined {
  const { properties, expiresAt } = message
  // Values of plain MQTT, of no class, are left as they came.
  const position = message.class === 'event' ? undefined : message.position
  if (properties === undefined && expiresAt === undefined && position === undefined) return undefined
  const { isText, contentType, responseTopic, correlation, userProperties } = properties ?? {}
  return {
    ...(isText !== undefined && { payloadFormat: isText ? 1 : 0 }),
    ...(expiresAt !== undefined && { messageExpiry: Math.max(1, Math.ceil((expiresAt - now) / 1000)) }),
    ...(contentType !== undefined && { contentType }),
    ...(responseTopic !== undefined && { responseTopic: mqttNameOf(responseTopic) }),
    ...(correlation !== undefined && { correlation }),
    ...withPosition(userProperties, position),
  }
}

/** The user property in which a receiver is told of a message's place in the history. */
const positionName = 'pos'

/** Nobody else may say what the place of a message is. */
function isOwn([name]: readonly [string, string]): boolean {
  return name !== positionName
}

function withPosition(
  userProperties: MessageProperties['userProperties'],
  position: string | undefined,
): Pick<PublishProperties, 'userProperties'> {
  if (position !== undefined) return { userProperties: [[positionName, position], ...(userProperties ?? [])] }
  return userProperties === undefined ? {} : { userProperties }
}

/** Names of topics as clients wrote them lately: most messages go to few topics. */
const mostNames = 10_000

export function createNameMemory(): (topic: string) => TopicName {
  const known = new Map<string, TopicName>()
  return (topic) => {
    let name = known.get(topic)
    if (name === undefined) {
      name = mqttName(topic)
      if (known.size >= mostNames) known.clear()
      known.set(topic, name)
    }
    return name
  }
}
