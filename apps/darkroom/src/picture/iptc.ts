/**
 * Data sets of IPTC's application record, by the names under which they are read. Source: IPTC-NAA Information
 * Interchange Model, version 4, chapter 6.
 */
const dataSets: Readonly<Record<string, number>> = {
  ObjectName: 5,
  Urgency: 10,
  Category: 15,
  SupplementalCategories: 20,
  Keywords: 25,
  SpecialInstructions: 40,
  DateCreated: 55,
  TimeCreated: 60,
  Byline: 80,
  BylineTitle: 85,
  City: 90,
  Sublocation: 92,
  State: 95,
  CountryCode: 100,
  Country: 101,
  OriginalTransmissionReference: 103,
  Headline: 105,
  Credit: 110,
  Source: 115,
  CopyrightNotice: 116,
  Contact: 118,
  Caption: 120,
  Writer: 122,
}

export const iptcNames = Object.keys(dataSets)

/** Sets that may stand several times; their texts have `;` between. */
const repeated = new Set(['Keywords', 'SupplementalCategories'])
const maxValueBytes = 2_000

const word = (value: number) => Buffer.from([value >> 8, value & 255])

function dataSet(number: number, text: string): Buffer {
  const value = Buffer.from(text, 'utf8').subarray(0, maxValueBytes)
  return Buffer.concat([Buffer.from([0x1c, 2, number]), word(value.length), value])
}

/** The record as bytes, its sets in the order of their numbers; the first says that texts are UTF-8. */
function record(tags: Readonly<Record<string, string>>): Buffer {
  const sets = Object.entries(tags)
    .filter(([name]) => dataSets[name] !== undefined)
    .sort(([a], [b]) => dataSets[a]! - dataSets[b]!)
    .flatMap(([name, text]) =>
      (repeated.has(name) ? text.split(';') : [text]).map((part) => dataSet(dataSets[name]!, part)),
    )
  const utf8 = Buffer.from([0x1c, 1, 90, 0, 3, 0x1b, 0x25, 0x47])
  return Buffer.concat([utf8, ...sets])
}

/**
 * Puts IPTC tags into a JPEG as its segment 13, behind the segments that come first. The library below writes EXIF and
 * XMP only.
 */
export function withIptc(jpeg: Buffer, tags: Readonly<Record<string, string>>): Buffer {
  if (Object.keys(tags).length === 0) return jpeg
  const content = record(tags)
  const resource = Buffer.concat([
    Buffer.from('Photoshop 3.0\x008BIM\x04\x04\x00\x00', 'latin1'),
    word(content.length >> 16),
    word(content.length & 0xffff),
    content,
    Buffer.alloc(content.length & 1),
  ])
  let at = 2
  while (jpeg[at] === 0xff && jpeg[at + 1]! >= 0xe0 && jpeg[at + 1]! <= 0xe2)
    at += 2 + jpeg.readUInt16BE(at + 2)
  return Buffer.concat([
    jpeg.subarray(0, at),
    Buffer.from([0xff, 0xed]),
    word(resource.length + 2),
    resource,
    jpeg.subarray(at),
  ])
}
