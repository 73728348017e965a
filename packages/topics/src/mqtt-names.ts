import { decodeLevel, encodeLevel } from './level.js'
import { type TopicFilter, topicFilter } from './topic-filter.js'
import { invalid, type TopicName, topicName } from './topic-name.js'

const plainName = /^[A-Za-z0-9\-_~:@]+(?:\/[A-Za-z0-9\-_~:@]+)*$/

const surrogate = /\p{Surrogate}/u

/** The name that a topic of MQTT stands for. Error: TopicInvalid. */
export function mqttName(topic: string): TopicName {
  if (surrogate.test(topic)) invalid(topic, 'it is no text')
  return topicName(plainName.test(topic) ? topic : topic.split('/').map(encodeLevel).join('/'))
}

/** The topic of MQTT that stands for a name. */
export function mqttNameOf(name: TopicName): string {
  if (!name.includes('%')) return name
  return name
    .split('/')
    .map((level) => decodeLevel(level))
    .join('/')
}

/** What a client of MQTT subscribes to, perhaps as a member of a group that shares the messages out. */
export type MqttFilter = { readonly filter: TopicFilter; readonly group: string | undefined }

/** Reads a filter of MQTT, `$share/<group>/<filter>` included. Error: TopicInvalid. */
export function mqttFilter(filter: string): MqttFilter {
  if (filter.startsWith('$share/')) {
    const [, group, ...rest] = filter.split('/')
    if (group === undefined || group === '' || /[+#]/.test(group) || rest.length === 0)
      invalid(filter, 'a shared subscription is written $share/<group>/<filter>')
    return { filter: plainFilter(rest.join('/')), group }
  }
  return { filter: plainFilter(filter), group: undefined }
}

function plainFilter(filter: string): TopicFilter {
  if (filter === '') invalid(filter, 'it is empty')
  const levels = filter.split('/').map((level, i) => {
    if (level === '+' || level === '#') return level
    if (level.includes('+') || level.includes('#')) invalid(filter, '+ and # stand alone in their level')
    return encodeLevel(level, i)
  })
  return topicFilter(levels.join('/'))
}
