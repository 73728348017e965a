import sharp from 'sharp'

const width = 4000
const height = 3000

/** A photograph of 12 megapixels as far as a decoder can tell: waves of colour with the grain of a sensor. */
export function photograph(): Promise<Buffer> {
  const data = Buffer.alloc(width * height * 3)
  let state = 1
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
      const grain = state >>> 28
      data[i++] = ((x >> 4) + grain) & 255
      data[i++] = ((y >> 4) + grain) & 255
      data[i++] = (128 + 100 * Math.sin(x / 50) * Math.cos(y / 70) + grain) & 255
    }
  }
  return sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 85 })
    .toBuffer()
}

/** What libvips alone takes for it, on one thread. */
export const plainThumbnail = (jpeg: Buffer): Promise<Buffer> =>
  sharp(jpeg).resize(128).jpeg({ quality: 80 }).toBuffer()

export function oneThread(): void {
  sharp.concurrency(1)
  sharp.cache(false)
}
