import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { native } from '@banyan/crypto/native'
import { releaseName } from '@banyan/dservice'
import { packageFiles, packageFolder } from '@banyan/dservice/node'
import type { Context } from '../command-spec.js'

/** Packs a DService into two files beside its manifest: the package, and the release that is to be signed. */
export async function run({ arguments: named, output }: Context): Promise<undefined> {
  const folder = resolve(named['folder'] ?? '.')
  const { release, compressed } = await packageFolder(native, folder, (line) => output.talk(line))
  const files = packageFiles(folder, release)
  await writeFile(files.package, compressed)
  await writeFile(files.release, `${JSON.stringify(release, undefined, 2)}\n`)
  output.result({ ...release, compressedBytes: compressed.length, files }, [
    `${output.paint.bold(releaseName(release))}  ${release.content}`,
    `${files.package}  ${compressed.length} bytes`,
    files.release,
    `Next: banyan dservice sign ${files.release} --account <yours>`,
  ])
}
