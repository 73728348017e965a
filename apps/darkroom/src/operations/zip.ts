import { fail } from '@banyan/base'
import { zipSync } from 'fflate'
import { z } from 'zod'
import { mediaArgument, plain } from './operation.js'
import { fileOf, saveArguments } from './save.js'

const maxEntries = 1_000
/** The first moment that the format can tell: files have no time of their own here. */
const noTime = '1980-01-01T00:00:00'

export const addToZip = plain(
  {
    name: 'add',
    on: 'Zip',
    answers: false,
    about: 'Adds the picture of a Media, or a text, as a file.',
    args: {
      name: z
        .string()
        .max(200)
        .regex(/^(?!\/)(?!.*(^|\/)\.\.(\/|$))[^\\\0]+$/, {
          error: 'a name has no .. and does not begin with /',
        }),
      source: mediaArgument.optional(),
      text: z.string().max(1_000_000).optional(),
      ...saveArguments,
    },
  },
  async (job, own, { name, source, text, ...args }) => {
    const entries = job.entries(own)
    const problem = (reason: string) => fail('OperationInvalid', { operation: 'Zip.add', reason })
    if (entries.length >= maxEntries) problem(`${maxEntries} files are the limit`)
    if (entries.some((entry) => entry.name === name)) problem(`${name} is there already`)
    if ((source === undefined) === (text === undefined)) problem('it needs either source or text')
    const bytes =
      source === undefined ? Buffer.from(text!) : (await fileOf(job.picture(source.$media), args, job)).bytes
    job.addEntry(own, { name, bytes })
  },
)

export const saveZip = plain(
  {
    name: 'save',
    on: 'Zip',
    answers: false,
    about: 'Makes the archive the answer of the request.',
    args: {},
  },
  async (job, own) => {
    const files = job.entries(own).map(({ name, bytes }) => [name, bytes])
    const bytes = zipSync(Object.fromEntries(files), { level: 0, mtime: noTime })
    job.answer({ bytes: Buffer.from(bytes), type: 'application/zip' })
  },
)
