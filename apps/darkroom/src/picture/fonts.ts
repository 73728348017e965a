import { mkdtempSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const faces = [
  ['sans-serif', 'DejaVu Sans'],
  ['serif', 'DejaVu Serif'],
  ['monospace', 'DejaVu Sans Mono'],
]

/**
 * Makes the fonts of this package the only ones that the libraries of this process find, whatever is installed on the
 * machine: text then looks the same everywhere. To be called before sharp is loaded. `folder` takes two small files.
 */
export function useOwnFonts(folder: string): void {
  const manifest = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')
  const own = mkdtempSync(join(folder, 'fonts-'))
  const aliases = faces.map(
    ([general, face]) =>
      `<alias><family>${general}</family><prefer><family>${face}</family></prefer></alias>`,
  )
  const settings = join(own, 'fonts.conf')
  writeFileSync(
    settings,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>` +
      `<dir>${join(dirname(manifest), 'ttf')}</dir><cachedir>${join(own, 'cache')}</cachedir>` +
      `${aliases.join('')}</fontconfig>`,
  )
  process.env['FONTCONFIG_FILE'] = settings
  // Elsewhere than on Linux the library would ask the system first.
  process.env['PANGOCAIRO_BACKEND'] = 'fontconfig'
}
