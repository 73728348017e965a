import { resolve } from 'node:path'
import { createDService } from '@banyan/dservice/node'
import type { Context } from '../command-spec.js'

/** Writes the files of a new DService into a folder of its name. */
export async function run({ arguments: { name = '' }, options, output }: Context): Promise<undefined> {
  const template = options['template'] === 'go' ? 'go' : 'typescript'
  const folder = resolve(name)
  const next = await createDService(folder, name, template)
  output.result({ name, template, folder, next }, [
    `${output.paint.bold(name)} is in ${folder}. Next:`,
    ...[`cd ${name}`, ...next].map((line) => `  ${line}`),
  ])
}
