/** A request that everybody can make at once, with what comes with the platform. */
export type Sample = {
  /** One command for a terminal, which writes a file. */
  readonly curl: string
  /** Below the origin. */
  readonly path: string
  /** The picture that it is made from, below the origin too. */
  readonly input: string
}

const picture = 'ridges.jpg'
const query = `script=poster&source=sample:${picture}`

/** At this origin. */
export function sampleOf(origin: string): Sample {
  const path = `/compute/darkroom/io?${query}`
  return { curl: `curl -o poster.jpg '${origin}${path}'`, path, input: `/local/samples/${picture}` }
}
