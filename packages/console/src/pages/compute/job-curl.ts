import { computePath } from '../../data/compute/ask.js'
import { shellWord } from '../../sending/code-of.js'

type Job = {
  /** Of the network, such as http://localhost:4400. */
  readonly origin: string
  /** Below where the region answers. */
  readonly path: string
  /** Address of the sample, or the name of a file of the reader. */
  readonly input: { readonly url: string } | { readonly file: string }
  readonly ending: string
}

/** The request of the page as commands. */
export function jobCurl({ origin, path, input, ending }: Job): string {
  const target = `${shellWord(origin + computePath + path)} -o picture.${ending}`
  if ('file' in input) return `curl --data-binary @${shellWord(input.file)} ${target}`
  return `curl -s ${shellWord(origin + input.url)} | curl --data-binary @- ${target}`
}
