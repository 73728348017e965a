import { telling } from './operation.js'

export const info = telling(
  {
    name: 'info',
    about: 'Tells width, height, frames and the format that was loaded; also as properties of a Media.',
    args: {},
  },
  ({ width, height, delays, format, metadata }) => ({
    width,
    height,
    frames: delays.length,
    format,
    delays,
    hasMetadata: metadata.xmp !== '' || Object.keys({ ...metadata.exif, ...metadata.iptc }).length > 0,
  }),
)
