import { type Darkroom, startDarkroom } from '@banyan/darkroom'
import exifr from 'exifr'
import { unzipSync } from 'fflate'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { failureOf, runScript } from './service.js'

let darkroom: Darkroom
beforeAll(async () => {
  darkroom = await startDarkroom({ workers: 1 })
})
afterAll(() => darkroom.close())

/** Runs `code` as the body of main and gives the bytes of its answer. */
async function run(code: string): Promise<Buffer> {
  const response = await runScript(darkroom.url, `function main() { ${code} }`)
  if (response.status !== 200) throw new Error((await failureOf(response)).message)
  return Buffer.from(await response.arrayBuffer())
}

type Pixels = {
  readonly width: number
  readonly height: number
  readonly at: (x: number, y: number) => string
}

async function pixelsOf(bytes: Buffer, page = 0): Promise<Pixels> {
  const { data, info } = await sharp(bytes, { page })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const at = (x: number, y: number) =>
    data.subarray((y * info.width + x) * 4, (y * info.width + x) * 4 + 4).toString('hex')
  return { width: info.width, height: info.height, at }
}

/** The picture that `code` leaves in `m`: a canvas of 4 times 2, left half red and right half blue, to begin with. */
const picture = async (code: string) =>
  pixelsOf(
    await run(`const m = new Media(); m.makeCanvas(xs @ 4, ys @ 2, fillColor @ 'red')
      m.rectangle(x @ 2, y @ 0, xs @ 2, ys @ 2, fillColor @ 'blue', smooth @ false)
      ${code}; m.save(type @ 'png')`),
  )

const red = 'ff0000ff'
const blue = '0000ffff'

describe('MED-3: geometry', () => {
  test('MED-3: scale by one length, both, percent, inside, and not beyond the picture', async () => {
    const size = async (code: string) => {
      const { width, height } = await picture(code)
      return [width, height]
    }
    expect(await size('m.scale(xs @ 8)')).toEqual([8, 4])
    expect(await size('m.scale(ys @ 6)')).toEqual([12, 6])
    expect(await size('m.scale(xs @ 9, ys @ 3)')).toEqual([9, 3])
    expect(await size('m.scale(xs @ "50%")')).toEqual([2, 1])
    expect(await size('m.scale(xs @ 8, ys @ 8, fit @ "inside")')).toEqual([8, 4])
    expect(await size('m.scale(xs @ 8, ys @ 8, fit @ "outside")')).toEqual([16, 8])
    expect(await size('m.scale(xs @ 8, ys @ 8, fit @ "cover")')).toEqual([8, 8])
    expect(await size('m.scale(xs @ 8, enlarge @ false)')).toEqual([4, 2])
    const sharpEdges = await picture('m.scale(xs @ 8, alg @ "fast")')
    expect([sharpEdges.at(3, 0), sharpEdges.at(4, 0)]).toEqual([red, blue])
  })

  test('MED-3: crop, extend, flip and rotate clockwise', async () => {
    const cropped = await picture('m.crop(x @ 2, y @ 0, xs @ 1, ys @ 1)')
    expect([cropped.width, cropped.height, cropped.at(0, 0)]).toEqual([1, 1, blue])
    const flipped = await picture('m.flip()')
    expect([flipped.at(0, 0), flipped.at(3, 0)]).toEqual([blue, red])
    const turned = await picture('m.rotate(angle @ 90)')
    expect([turned.width, turned.height, turned.at(0, 0), turned.at(0, 3)]).toEqual([2, 4, red, blue])
    const extended = await picture('m.extend(left @ 1, top @ 2, fillColor @ "lime")')
    expect([extended.width, extended.height, extended.at(0, 0), extended.at(1, 2)]).toEqual([
      5,
      4,
      '00ff00ff',
      red,
    ])
    await expect(picture('m.crop(x @ 2, y @ 0, xs @ 3, ys @ 1)')).rejects.toThrow(/beyond the picture/)
  })
})

describe('MED-3: composition', () => {
  const over = 'const o = new Media(); o.makeCanvas(xs @ 2, ys @ 2, fillColor @ "#808000"); '

  test('MED-3: composite with place, handle, opacity and edges that are cut', async () => {
    const placed = await picture(`${over} m.composite(o, x @ 1)`)
    expect([placed.at(0, 0), placed.at(1, 0), placed.at(3, 0)]).toEqual([red, '808000ff', blue])
    const right = await picture(`${over} m.composite(o, handle @ 'bottomright')`)
    expect([right.at(1, 0), right.at(2, 0)]).toEqual([red, '808000ff'])
    const half = await picture(`${over} m.composite(o, opacity @ 128)`)
    expect(half.at(0, 0)).toBe('bf4000ff')
    const cut = await picture(`${over} m.composite(o, x @ -1, y @ -1)`)
    expect([cut.at(0, 0), cut.at(1, 0), cut.at(0, 1)]).toEqual(['808000ff', red, red])
    expect((await picture(`${over} m.composite(o, x @ 50)`)).at(0, 0)).toBe(red)
  })

  // Base #804020 and above #40c080, both opaque, by the formulas of the modes.
  test.each([
    ['normal', '40c080ff'],
    ['multiply', '203010ff'],
    ['screen', 'a0d090ff'],
    ['darken', '404020ff'],
    ['lighten', '80c080ff'],
    ['difference', '408060ff'],
    ['add', 'c0ffa0ff'],
    ['linear-burn', '000100ff'],
    ['linear-light', '01c121ff'],
    ['pin-light', '80812000'],
    ['hard-mix', '00ff00ff'],
    ['subtract', '400000ff'],
    ['divide', 'ff5540ff'],
    ['darker-color', '804020ff'],
    ['lighter-color', '40c080ff'],
  ])('MED-3: blend mode %s', async (mode, expected) => {
    const code = `const m = new Media(), o = new Media(); m.makeCanvas(xs @ 1, ys @ 1, fillColor @ '#804020')
      o.makeCanvas(xs @ 1, ys @ 1, fillColor @ '#40c080'); m.composite(o, blend @ '${mode}'); m.save(type @ 'png')`
    const bytes = (await pixelsOf(await run(code))).at(0, 0)
    for (let c = 0; c < 6; c += 2) {
      const distance =
        Number.parseInt(bytes.slice(c, c + 2), 16) - Number.parseInt(expected.slice(c, c + 2), 16)
      expect(Math.abs(distance), `${bytes} and ${expected}`).toBeLessThanOrEqual(1)
    }
  })

  test('MED-3: luminosity keeps hue, and a transparent source changes nothing in any mode', async () => {
    const mode = (name: string, color: string) =>
      picture(
        `const o = new Media(); o.makeCanvas(xs @ 4, ys @ 2, fillColor @ '${color}'); m.composite(o, blend @ '${name}')`,
      )
    expect((await mode('luminosity', '#4d4d4d')).at(0, 0)).toBe('ff0101ff')
    expect((await mode('color', '#777777')).at(0, 0)).toBe('4d4d4dff')
    for (const name of ['hue', 'divide', 'multiply'])
      expect((await mode(name, '#12345600')).at(0, 0)).toBe(red)
  })

  test('MED-3: layers can be changed until they are collapsed', async () => {
    const layers = `${over} m.addLayer(o, name @ 'one', x @ 1); m.addLayer(o, x @ 3);`
    expect((await picture(layers)).at(1, 0)).toBe('808000ff')
    const moved = await picture(`${layers} m.setLayer('one', x @ 0, opacity @ 0); m.removeLayer(1)`)
    expect([moved.at(0, 0), moved.at(3, 0)]).toEqual([red, blue])
    const kept = await picture(`${layers} m.collapse(); if (m.layers().length !== 0) throw 'layers'`)
    expect([kept.at(0, 0), kept.at(1, 0), kept.at(3, 0)]).toEqual([red, '808000ff', '808000ff'])
    await expect(picture('m.setLayer("none", x @ 1)')).rejects.toThrow(/no layer none/)
  })
})

describe('MED-3: drawing, text and selections', () => {
  test('MED-3: shapes', async () => {
    const sheet = (code: string) => picture(`m.makeCanvas(xs @ 20, ys @ 20, fillColor @ 'white'); ${code}`)
    const ellipse = await sheet('m.ellipse(x @ 10, y @ 10, rx @ 8, ry @ 5, fillColor @ "blue")')
    expect([ellipse.at(10, 10), ellipse.at(3, 10), ellipse.at(10, 3)]).toEqual([blue, blue, 'ffffffff'])
    const polygon = await sheet('m.polygon(points @ [[0, 0], [20, 0], [0, 20]], fillColor @ "red")')
    expect([polygon.at(2, 2), polygon.at(18, 18)]).toEqual([red, 'ffffffff'])
    const line = await sheet('m.line(points @ [[0, 5], [20, 5]], color @ "red", lineWidth @ 4)')
    expect([line.at(10, 5), line.at(10, 12)]).toEqual([red, 'ffffffff'])
  })

  test('MED-3: text has the same letters everywhere, markup is text, and lines stand on one level', async () => {
    const ink = async (text: string, more = '') => {
      const code = `const m = new Media(); m.makeCanvas(xs @ 300, ys @ 60, fillColor @ 'white')
        m.text(text @ ${JSON.stringify(text)}, size @ 30 ${more}); m.save(type @ 'png')`
      const { data, info } = await sharp(await run(code))
        .greyscale()
        .raw()
        .toBuffer({ resolveWithObject: true })
      const dark = [...data.entries()].filter(([, value]) => value < 128).map(([i]) => i)
      const columns = dark.map((i) => i % info.width)
      const rows = dark.map((i) => Math.floor(i / info.width))
      return { top: Math.min(...rows), bottom: Math.max(...rows), right: Math.max(...columns) }
    }
    const [tall, low, both] = [await ink('hl'), await ink('nx'), await ink('hlnx')]
    expect(tall.top).toBeLessThanOrEqual(2)
    expect(low.top).toBeGreaterThan(4)
    expect(Math.abs(low.bottom - tall.bottom)).toBeLessThanOrEqual(1)
    expect(both.bottom).toBe(low.bottom)
    expect((await ink('<b>&amp;</b>')).right).toBeGreaterThan((await ink('bamp')).right)
    expect((await ink('nx', ', style @ "bold"')).right).toBeGreaterThan(low.right)
  })

  test('MED-3: what is selected is changed, and nothing else', async () => {
    const select = 'm.selectRectangle(x @ 0, y @ 0, xs @ 1, ys @ 2);'
    const filled = await picture(`${select} m.fill(color @ 'lime')`)
    expect([filled.at(0, 0), filled.at(1, 0)]).toEqual(['00ff00ff', red])
    const inverted = await picture(`${select} m.invertSelection(); m.invert()`)
    expect([inverted.at(0, 0), inverted.at(1, 0), inverted.at(3, 0)]).toEqual([red, '00ffffff', 'ffff00ff'])
    const byColor = await picture(
      'm.selectColor(color @ "blue"); m.fill(color @ "white"); m.selectNone(); m.grayscale()',
    )
    expect([byColor.at(0, 0), byColor.at(3, 0)]).toEqual(['7f7f7fff', 'ffffffff'])
    const joined = `${select} m.selectRectangle(x @ 0, y @ 0, xs @ 2, ys @ 1, mode @ 'MODE'); m.applyMask()`
    const alphas = async (mode: string) => {
      const { at } = await picture(joined.replace('MODE', mode))
      return [at(0, 0), at(1, 0), at(0, 1), at(1, 1)].map((pixel) => pixel.slice(6)).join(' ')
    }
    expect(await alphas('replace')).toBe('ff ff 00 00')
    expect(await alphas('add')).toBe('ff ff ff 00')
    expect(await alphas('subtract')).toBe('00 00 ff 00')
    expect(await alphas('intersect')).toBe('ff 00 00 00')
    const masked = await picture(
      'const k = m.clone(); k.threshold(level @ 100); m.selectMask(k); m.fill(color @ "white")',
    )
    expect([masked.at(0, 0), masked.at(3, 0)]).toEqual(['ffffffff', blue])
  })
})

describe('MED-3: colours and palettes', () => {
  test('MED-3: adjustments', async () => {
    expect((await picture('m.adjust(brightness @ 0)')).at(0, 0)).toBe('000000ff')
    expect((await picture('m.levels(black @ 0, white @ 255); m.invert()')).at(0, 0)).toBe('00ffffff')
    expect((await picture('m.duotone(dark @ "black", light @ "black")')).at(0, 0)).toBe('000000ff')
    expect((await picture('m.fill(color @ "#60a0c0"); m.posterize(tones @ 2)')).at(0, 0)).toBe('00ffffff')
    expect((await picture('m.fill(color @ "#404040"); m.adjust(gamma @ 2)')).at(0, 0)).toBe('808080ff')
  })

  test('MED-3: reduce keeps to the palette, and dither keeps the mean', async () => {
    const gray = (dither: number) =>
      run(`const m = new Media(); m.makeCanvas(xs @ 64, ys @ 64, fillColor @ '#606060')
        m.reduce(palette @ 'mono', dither @ ${dither}); m.save(type @ 'png')`)
    const colors = async (bytes: Buffer) => (await sharp(bytes).greyscale().raw().toBuffer()) as Uint8Array
    const flat = await colors(await gray(0))
    expect(new Set(flat)).toEqual(new Set([0]))
    const spread = await colors(await gray(10))
    expect(new Set(spread)).toEqual(new Set([0, 255]))
    expect(spread.reduce((sum, value) => sum + value, 0) / spread.length).toBeCloseTo(0x60, -1)
    const best = await run(`const m = new Media('sample:ridges.jpg'); m.scale(xs @ 60)
      m.reduce(colors @ 5, dither @ 0); m.save(type @ 'png')`)
    const { data } = await sharp(best).removeAlpha().raw().toBuffer({ resolveWithObject: true })
    const distinct = new Set(Array.from({ length: data.length / 3 }, (_, i) => data.readUIntBE(i * 3, 3)))
    expect(distinct.size).toBe(5)
  })
})

describe('MED-3: files', () => {
  test.each(['jpeg', 'png', 'webp', 'avif', 'tiff', 'gif'])('MED-3: %s is written and read', async (type) => {
    const bytes = await run(
      `const m = new Media('sample:emblem.svg'); m.scale(xs @ 40); m.save(type @ '${type}')`,
    )
    const { format, width } = await sharp(bytes).metadata()
    expect([format, width]).toEqual([type === 'avif' ? 'heif' : type, 40])
    const response = await fetch(`${darkroom.url}/io?script=credits`, { method: 'POST', body: bytes })
    expect(await response.json()).toMatchObject({ format: type, width: 40, height: 40 })
  })

  test('MED-3: pages of a document at a resolution, and one of several pages alone', async () => {
    const first = await run(`const m = new Media('sample:letter.pdf', dpi @ 72); m.save(type @ 'png')`)
    const { width, height, at } = await pixelsOf(first)
    expect([width, height, at(300, 30).slice(0, 4)]).toEqual([595, 842, 'ed4d'])
    const all = await run(
      `const m = new Media('sample:letter.pdf', pages @ 'all', dpi @ 36); return m.info()`,
    )
    expect(JSON.parse(all.toString())).toMatchObject({ frames: 2, format: 'pdf', width: 297 })
    const second = `new Media('sample:letter.pdf', page @ 2, dpi @ 72).save(type @ 'png')`
    const other = `new Media('sample:letter.pdf', pages @ 'all', dpi @ 72).frame(2).save(type @ 'png')`
    expect((await run(second)).equals(await run(other))).toBe(true)
    await expect(run(`new Media('sample:letter.pdf', page @ 3).save()`)).rejects.toThrow(/it has 2 pages/)
  })

  test('MED-3: animations keep their frames through operations and are made of pictures', async () => {
    const small = await run(
      `const m = new Media('sample:moon.gif'); m.scale(xs @ 40); m.invert(); m.save(type @ 'webp')`,
    )
    expect(await sharp(small, { animated: true }).metadata()).toMatchObject({
      pages: 12,
      pageHeight: 40,
      loop: 0,
    })
    const made =
      await run(`const a = new Media(), b = new Media(); a.makeCanvas(xs @ 8, ys @ 8, fillColor @ 'red')
      b.makeCanvas(xs @ 4, ys @ 4, fillColor @ 'blue'); a.addFrame(b, delay @ 200); a.animate(loop @ 3); a.save(type @ 'gif')`)
    expect(await sharp(made).metadata()).toMatchObject({ pages: 2, delay: [100, 200], loop: 3 })
    expect([(await pixelsOf(made, 0)).at(4, 4), (await pixelsOf(made, 1)).at(4, 4)]).toEqual([red, blue])
    const still = await run(`new Media('sample:moon.gif').save(type @ 'png')`)
    expect((await sharp(still).metadata()).height).toBe(160)
  })

  test('MED-3: metadata are read, changed, merged and written if wanted', async () => {
    const read = await run(`return new Media('sample:ridges.jpg').getMetadata()`)
    expect(JSON.parse(read.toString())).toMatchObject({
      exif: {
        IFD0: { Artist: 'Banyan' },
        IFD2: { FNumber: '8', ExposureTime: '0.008' },
        IFD3: { GPSLatitudeRef: 'N' },
      },
    })
    const base = `const m = new Media('sample:ridges.jpg'); m.scale(xs @ 20);`
    expect((await sharp(await run(`${base} m.save(type @ 'jpeg')`)).metadata()).exif).toBeUndefined()
    const set = `m.setMetadata(exif @ { IFD0: { Artist: 'Ada' } }, iptc @ { Byline: 'Ada', Keywords: 'sea;dawn', Caption: 'Über' }, xmp @ '<x:xmpmeta xmlns:x="adobe:ns:meta/"/>')`
    const written = await run(`${base} ${set}; m.save(type @ 'jpeg', metadata @ true)`)
    const found = (await exifr.parse(written, { iptc: true, xmp: true })) as Record<string, unknown>
    expect(found).toMatchObject({
      Artist: 'Ada',
      FNumber: 8,
      ExposureTime: 0.008,
      Byline: 'Ada',
      Keywords: ['sea', 'dawn'],
    })
    expect((await sharp(written).metadata()).xmp?.toString()).toContain('xmpmeta')
    const again = await fetch(`${darkroom.url}/io?script=credits`, { method: 'POST', body: written })
    expect(await again.json()).toMatchObject({
      metadata: {
        exif: { IFD0: { Artist: 'Ada', Copyright: 'MIT licence' } },
        iptc: { Byline: 'Ada', Keywords: 'sea;dawn' },
      },
    })
    const only = await run(`${base} m.setMetadata(exif @ {}, merge @ false); return m.getMetadata()`)
    expect(JSON.parse(only.toString())).toEqual({ exif: {}, iptc: {}, xmp: '' })
    const copied = await run(
      `${base} const o = new Media(); o.makeCanvas(xs @ 1, ys @ 1); o.copyMetadata(m); return o.info().hasMetadata`,
    )
    expect(copied.toString()).toBe('true')
  })

  test('MED-3: ICC profiles and CMYK', async () => {
    const wide = await sharp(
      await run(`const m = new Media('sample:emblem.svg'); m.save(type @ 'png', profile @ 'p3')`),
    ).metadata()
    expect(wide.icc?.toString('latin1')).toMatch(/P.?3/s)
    const print = await run(
      `const m = new Media('sample:emblem.svg'); m.save(type @ 'jpeg', profile @ 'cmyk')`,
    )
    expect(await sharp(print).metadata()).toMatchObject({ space: 'cmyk', channels: 4 })
    const back = await fetch(`${darkroom.url}/io?script=convert&type=png`, { method: 'POST', body: print })
    const { at } = await pixelsOf(Buffer.from(await back.arrayBuffer()))
    const [r, g, b] = [0, 2, 4].map((i) => Number.parseInt(at(120, 30).slice(i, i + 2), 16))
    expect([r! < 60, Math.abs(g! - 0x47) < 25, Math.abs(b! - 0x4a) < 25]).toEqual([true, true, true])
  })

  test('MED-3: several results in one archive, without times', async () => {
    const code = `const z = new Zip(), m = new Media(); m.makeCanvas(xs @ 3, ys @ 3, fillColor @ 'red')
      z.add('a/b.png', m, type @ 'png'); z.add(name @ 'note.txt', text @ 'hello'); return z`
    const bytes = await run(code)
    const files = unzipSync(bytes)
    expect(Object.keys(files)).toEqual(['a/b.png', 'note.txt'])
    expect(Buffer.from(files['note.txt']!).toString()).toBe('hello')
    await expect(run(`new Zip().add('../a', text @ 'x').save()`)).rejects.toThrow(/no \.\./)
    await expect(run(`new Zip().add('a').save()`)).rejects.toThrow(/either source or text/)
  })
})

describe('MED-2: arguments', () => {
  test('MED-2: in their order, by name in any case, and refused where they are wrong', async () => {
    const sized = async (call: string) => (await picture(`m.scale${call}`)).width
    expect(await sized('(8)')).toBe(8)
    expect(await sized('(Xs @ 8)')).toBe(8)
    await expect(picture('m.scale(8, xs @ 9)')).rejects.toThrow(/xs is given twice/)
    await expect(picture('m.scale(wide @ 9)')).rejects.toThrow(/no argument wide; it has xs, ys/)
    await expect(picture('m.scale(xs @ -1)')).rejects.toThrow(/Media\.scale: xs/)
    await expect(picture('m.composite(source @ 3)')).rejects.toThrow(/Media\.composite: source/)
    await expect(picture('m.fill(color @ "reddish")')).rejects.toThrow(/a colour is/)
    await expect(picture('m.clone({ $media: 77 }, 1)')).rejects.toThrow(/takes 0 arguments/)
    await expect(picture('m.composite(new Media())')).rejects.toThrow(/no picture yet/)
  })
})
