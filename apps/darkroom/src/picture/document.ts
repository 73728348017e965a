import { open, readFile } from 'node:fs/promises'
import { banyanError } from '@banyan/base'
import { type PDFiumDocument, PDFiumLibrary } from '@hyzyla/pdfium'
import type { Frame } from './picture.js'

/** A document with pages. */
export type PagedDocument = {
  readonly pages: number
  readonly inside: PDFiumDocument
  readonly close: () => void
}

let library: Promise<PDFiumLibrary> | undefined

const pointsPerInch = 72

async function isPdf(path: string): Promise<boolean> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1024), 0, 1024, 0)
    return buffer.subarray(0, bytesRead).includes('%PDF-')
  } finally {
    await file.close()
  }
}

/** Opens a PDF; `undefined` for anything else. Errors: InputUnreadable. */
export async function openDocument(path: string): Promise<PagedDocument | undefined> {
  if (!(await isPdf(path))) return undefined
  library ??= PDFiumLibrary.init()
  try {
    const inside = await (await library).loadDocument(await readFile(path))
    return { pages: inside.getPageCount(), inside, close: () => inside.destroy() }
  } catch (error) {
    throw banyanError('InputUnreadable', { name: 'The document', reason: (error as Error).message }, error)
  }
}

/**
 * Draws pages on white at `density` dots per inch. `admit` is asked with the pixels of each page and all before it.
 */
export async function renderPages(
  { inside }: PagedDocument,
  first: number,
  count: number,
  density: number,
  admit: (pixels: number) => void,
): Promise<readonly Frame[]> {
  const scale = density / pointsPerInch
  const frames: Frame[] = []
  let pixels = 0
  for (let i = 0; i < count; i++) {
    const page = inside.getPage(first + i)
    const { originalWidth, originalHeight } = page.getOriginalSize()
    pixels += Math.ceil(originalWidth * scale) * Math.ceil(originalHeight * scale)
    admit(pixels)
    const { data, width, height } = await page.render({ scale, render: 'bitmap' })
    frames.push({ data: Buffer.from(data.buffer, data.byteOffset, data.byteLength), width, height })
  }
  return frames
}
