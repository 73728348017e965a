import { BanyanError } from '@banyan/base'
import { native } from '@banyan/crypto/native'
import { signRelease } from '@banyan/dservice'
import { folderRegistry, install } from '@banyan/dservice/node'
import { layoutOf } from '../folder/layout.js'
import { readSeed } from '../folder/state-folder.js'
import { computePeopleOf } from '../people.js'
import { darkroomPackage } from './darkroom-package.js'
import { computePaths } from './made.js'
import { packagesOf, reachableFolder } from './reachable-folder.js'

/**
 * A process of its own, since a package in memory is large: packs Darkroom, signs it as its developer and as the authority,
 * puts it into the registry of the network in the folder that is named, unpacks it for its miners, and prints the release.
 */
try {
  const layout = layoutOf(process.argv[2]!)
  const { developer, authority } = computePeopleOf(await readSeed(layout))
  const { release, compressed } = await darkroomPackage((line) => console.error(line))
  const byDeveloper = signRelease(native, release, 'developer', developer.secret)
  const signed = signRelease(native, byDeveloper, 'authority', authority.secret)
  const registry = folderRegistry(computePaths(layout).registry)
  await registry.publish({ release: signed, compressed })
  const store = packagesOf(await reachableFolder(layout.packages))
  await install(native, registry, store, signed, [native.ed25519.publicKey(authority.secret)])
  console.log(JSON.stringify(signed))
} catch (error) {
  if (!(error instanceof BanyanError)) throw error
  console.error(`${error.message} ${error.fix}`)
  process.exitCode = 1
}
