import fc from 'fast-check'

/** Few texts, so that names and filters meet often; among them all that is special anywhere. */
const fewLevels = fc.constantFrom('a', 'b', '', 'é', '%', '.', '*', '>', '$', '$a', ' ')

/** What stands between the slashes of a topic of MQTT. */
const anyLevel = fc
  .string({ unit: 'binary', maxLength: 20 })
  .map((text) => text.replace(/[/+#\0]/g, ''))
  .filter((text) => Buffer.byteLength(text) <= 64)

const topicOf = (level: fc.Arbitrary<string>, most: number): fc.Arbitrary<string> =>
  fc
    .array(level, { minLength: 1, maxLength: most })
    .map((levels) => levels.join('/'))
    .filter((topic) => topic !== '')

/** Topics of MQTT within the limits of names. */
export const anyTopic = fc.oneof(topicOf(anyLevel, 16), topicOf(fewLevels, 16))
export const fewTopics = topicOf(fewLevels, 4)

/** Filters of MQTT that match some of `fewTopics`. */
export const fewFilters = fc
  .tuple(fc.array(fc.oneof(fewLevels, fc.constant('+')), { maxLength: 4 }), fc.boolean())
  .map(([levels, isOpen]) => [...levels, ...(isOpen ? ['#'] : [])].join('/'))
  .filter((filter) => filter !== '')
