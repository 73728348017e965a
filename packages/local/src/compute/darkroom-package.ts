import { mkdir, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { BanyanError } from '@banyan/base'
import { native } from '@banyan/crypto/native'
import { type PublishedPackage, packageFolder, parseRelease } from '@banyan/dservice/node'
import { freshBundle } from '@banyan/node/bundle'
import { openNodeDisk } from '@banyan/storage/node'
import { darkroomFolder } from '../workspace.js'

/** Where the workspace keeps the package for all networks, as its programs keep their bundles. */
const folder = join(darkroomFolder, 'bundle')
const releaseFile = 'release.json'
const packageFile = 'package.tar.gz'
const listFile = 'made-of.json'
const pauseMs = 250

/**
 * The package of Darkroom, not signed. It is packed where none is there, or where something was compiled since; one process does it, others wait.
 * Errors: those of `packageFolder` and of the disk.
 */
export async function darkroomPackage(print: (line: string) => void): Promise<PublishedPackage> {
  await mkdir(folder, { recursive: true })
  for (;;) {
    const known = await readKnown()
    if (known !== undefined) return known
    const unlock = await tryLock()
    if (unlock === undefined) await new Promise((resolve) => setTimeout(resolve, pauseMs))
    else {
      try {
        return (await readKnown()) ?? (await pack(print))
      } finally {
        await unlock()
      }
    }
  }
}

async function readKnown(): Promise<PublishedPackage | undefined> {
  if (freshBundle(pathToFileURL(`${darkroomFolder}/`), releaseFile) === undefined) return undefined
  const release = parseRelease(await readFile(join(folder, releaseFile), 'utf8'))
  return { release, compressed: await readFile(join(folder, packageFile)) }
}

async function tryLock(): Promise<(() => Promise<void>) | undefined> {
  try {
    return (await openNodeDisk(folder)).close
  } catch (error) {
    if (error instanceof BanyanError && error.kind === 'FolderLocked') return undefined
    throw error
  }
}

async function pack(print: (line: string) => void): Promise<PublishedPackage> {
  // Whatever is changed from now on makes it stale.
  const begun = new Date()
  await rm(join(folder, listFile), { force: true })
  const packed = await packageFolder(native, darkroomFolder, print)
  await replace(packageFile, packed.compressed)
  await replace(releaseFile, JSON.stringify(packed.release))
  await replace(listFile, JSON.stringify(await madeOf()))
  await utimes(join(folder, listFile), begun, begun)
  return packed
}

/** Paths from the folder to what changes with the package. */
async function madeOf(): Promise<readonly string[]> {
  const own = ['dservice.json', 'package.json', 'pack.mjs', 'tsconfig.tsbuildinfo']
  const lists = ['scripts', 'samples'].map(async (part) =>
    (await readdir(join(darkroomFolder, part))).map((name) => join(part, name)),
  )
  const { dependencies } = JSON.parse(await readFile(join(darkroomFolder, 'package.json'), 'utf8')) as {
    dependencies: Readonly<Record<string, string>>
  }
  const ours = Object.keys(dependencies).filter((name) => name.startsWith('@banyan/'))
  const marks = ours.map((name) => `../../packages/${name.slice(8)}/tsconfig.tsbuildinfo`)
  const outside = ['../../package-lock.json', ...marks]
  const files = [...own, 'scripts', 'samples', ...(await Promise.all(lists)).flat(), ...outside]
  return files.map((path) => relative(folder, join(darkroomFolder, path)))
}

async function replace(name: string, data: string | Uint8Array): Promise<void> {
  await writeFile(join(folder, `${name}.new`), data)
  await rename(join(folder, `${name}.new`), join(folder, name))
}
