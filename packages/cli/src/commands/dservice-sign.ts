import { writeFile } from 'node:fs/promises'
import { fail } from '@banyan/base'
import { native } from '@banyan/crypto/native'
import { releaseName, signRelease } from '@banyan/dservice'
import type { Context } from '../command-spec.js'
import { openSeed } from '../key-files.js'
import { readReleaseFile } from '../release-file.js'

/** Adds a signature to a release. */
export async function run({ arguments: named, options, settings, output }: Context): Promise<undefined> {
  const path = named['release'] ?? ''
  const role = options['role'] === 'authority' ? 'authority' : 'developer'
  const release = await readReleaseFile(path)
  const seed = await openSeed(settings.account ?? fail('SignerMissing'))
  const signed = signRelease(native, release, role, seed)
  await writeFile(path, `${JSON.stringify(signed, undefined, 2)}\n`)
  output.result(signed, [
    `${output.paint.bold(releaseName(signed))} is signed by its ${role}, ${signed[role]?.publicKey ?? ''}.`,
  ])
}
