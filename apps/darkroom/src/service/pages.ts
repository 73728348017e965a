import { version } from '../version.js'
import { sampleNames } from './samples.js'
import { builtIn } from './scripts.js'

/** What the service says about itself at `/`. */
export const welcome = (origin: string): string =>
  [
    `Darkroom ${version}: pictures and documents by URL.`,
    '',
    'Try:',
    `  curl '${origin}/io?script=thumbnail&source=sample:ridges.jpg&width=320' -o small.jpg`,
    `  curl --data-binary @photo.jpg '${origin}/io?script=thumbnail&width=320' -o small.jpg`,
    `  curl '${origin}/io?script=page&source=sample:letter.pdf&number=1' -o page.png`,
    `  curl -H 'content-type: text/javascript' --data-binary @my.darkroom '${origin}/io' -o result`,
    '',
    `Scripts:   ${[...builtIn.keys()].join(', ')}; or any http(s) address of one`,
    `Samples:   ${sampleNames.map((name) => `sample:${name}`).join(', ')}`,
    `See also:  ${origin}/operations  ${origin}/health`,
    '',
  ].join('\n')
