// Draws the samples of this folder: `node samples/make.mjs`. They are ours, so that no licence is in question.
import { writeFileSync } from 'node:fs'
import sharp from 'sharp'
import { letter } from './letter.mjs'
import { marbles } from './marbles.mjs'
import { moon, phases } from './moon.mjs'
import { ridges } from './ridges.mjs'

const at = (name) => new URL(name, import.meta.url).pathname
const raw = ({ data, width, height }) => sharp(data, { raw: { width, height, channels: 3 } })
const about = (title) => ({
  IFD0: { ImageDescription: title, Artist: 'Banyan', Copyright: 'MIT licence', Software: 'samples/make.mjs' },
  IFD2: {
    DateTimeOriginal: '2026:05:01 05:12:00',
    FNumber: '8',
    ExposureTime: '0.008',
    ISOSpeedRatings: '100',
  },
  IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '62 28 12', GPSLongitudeRef: 'E', GPSLongitude: '6 9 36' },
})

const only = process.argv[2]
const wants = (name) => only === undefined || name === only
if (wants('ridges'))
  await raw(ridges())
    .jpeg({ quality: 86 })
    .withExif(about('Hills at a lake in the morning'))
    .toFile(at('ridges.jpg'))
if (wants('marbles')) await raw(marbles()).jpeg({ quality: 88 }).toFile(at('marbles.jpg'))
if (wants('moon')) {
  const frames = Array.from({ length: phases }, (_, i) =>
    raw(moon((i / phases + 0.5) % 1))
      .png()
      .toBuffer(),
  )
  const pages = await Promise.all(frames)
  await sharp(pages, { join: { animated: true } })
    .gif({ delay: pages.map(() => 120), loop: 0, dither: 0.6 })
    .toFile(at('moon.gif'))
}
if (wants('letter')) writeFileSync(at('letter.pdf'), letter())
