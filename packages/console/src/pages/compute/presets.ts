/** What can be done with a picture by one click: scripts that come with Darkroom, with values for their parameters. */
export type Preset = {
  readonly id: string
  readonly label: string
  readonly hint: string
  readonly script: string
  readonly values: Readonly<Record<string, string>>
  /** A parameter that people fill in. */
  readonly field?: { readonly name: string; readonly label: string; readonly initial: string }
  /** Ending of the file of the result. */
  readonly ending: string
}

export const presets: readonly Preset[] = [
  {
    id: 'thumbnail',
    label: 'Thumbnail',
    hint: 'Small, for lists',
    script: 'thumbnail',
    values: { type: 'webp' },
    field: { name: 'width', label: 'Width in pixels', initial: '480' },
    ending: 'webp',
  },
  {
    id: 'duotone',
    label: 'Duotone',
    hint: 'Two inks',
    script: 'duotone',
    values: { dark: '#1f3d36', light: '#f4e3c1' },
    ending: 'jpg',
  },
  {
    id: 'caption',
    label: 'Caption',
    hint: 'A print with words',
    script: 'snapshot',
    values: {},
    field: { name: 'caption', label: 'Caption', initial: 'Fresh this morning' },
    ending: 'png',
  },
  {
    id: 'contact',
    label: 'Contact sheet',
    hint: 'Beside the samples',
    script: 'contact',
    values: {
      args: 'body:,sample:ridges.jpg,sample:marbles.jpg,sample:emblem.svg,sample:letter.pdf,sample:moon.gif',
    },
    ending: 'png',
  },
  {
    id: 'poster',
    label: 'Poster',
    hint: 'With a title',
    script: 'poster',
    values: { line: 'every day from six in the morning' },
    field: { name: 'title', label: 'Title', initial: 'Bread, still warm' },
    ending: 'jpg',
  },
  {
    id: 'newsprint',
    label: 'Newsprint',
    hint: 'Black dots on white',
    script: 'newsprint',
    values: {},
    ending: 'png',
  },
  {
    id: 'watermark',
    label: 'Watermark',
    hint: 'A name on it',
    script: 'watermark',
    values: {},
    field: { name: 'text', label: 'Name', initial: 'Mira’s bakery' },
    ending: 'jpg',
  },
  {
    id: 'avif',
    label: 'AVIF',
    hint: 'The smallest file',
    script: 'convert',
    values: { type: 'avif', quality: '55' },
    ending: 'avif',
  },
]

/** Path of the request that does it, below where the region answers. */
export function presetPath({ script, values, field }: Preset, typed: string | undefined): string {
  const query = new URLSearchParams({ script, ...values })
  if (field !== undefined) query.set(field.name, typed ?? field.initial)
  return `/darkroom/io?${query}`
}
