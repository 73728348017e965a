import { BanyanError, concatBytes, equalBytes, fail, type Hash, toHex } from '@banyan/base'
import type { CryptoProvider } from '@banyan/crypto'
import { type Disk, listSnapshots, readSnapshot, writeSnapshot } from '@banyan/storage'
import { identityFile } from './names.js'

/** The same 64 bytes twice, since without them the log could not be read: genesis id (32), log identity (32). */
const copies = [1, 2]
const identityBytes = 32

/**
 * The secret identity of the folder's logs, of which `log` names the first, drawn when the folder is used for the first time. Errors: GenesisMismatch
 * if the folder belongs to another chain, SnapshotInvalid if there is a log and both copies are damaged.
 */
export async function openIdentity(
  disk: Disk,
  provider: CryptoProvider,
  genesisId: Hash,
  log: string,
): Promise<Uint8Array> {
  const stored = await Promise.all(copies.map((copy) => readCopy(disk, copy)))
  const content =
    stored.find((bytes) => bytes !== undefined) ?? (await newContent(disk, provider, genesisId, log))
  const owner = content.subarray(0, identityBytes)
  if (!equalBytes(owner, genesisId)) {
    fail('GenesisMismatch', { path: disk.path, stored: toHex(owner), given: toHex(genesisId) })
  }
  for (const [i, copy] of copies.entries()) {
    if (stored[i] === undefined) await writeSnapshot(disk, identityFile, copy, [content])
  }
  return content.subarray(identityBytes)
}

async function newContent(
  disk: Disk,
  provider: CryptoProvider,
  genesisId: Hash,
  log: string,
): Promise<Uint8Array> {
  const files = await disk.list()
  if (files.some((file) => file.startsWith(`${log}-`))) {
    fail('SnapshotInvalid', { reason: `both copies of ${disk.path}/${identityFile} are damaged or missing` })
  }
  return concatBytes(genesisId, provider.randomBytes(identityBytes))
}

async function readCopy(disk: Disk, copy: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = []
  if (!(await listSnapshots(disk, identityFile)).includes(copy)) return undefined
  try {
    for await (const chunk of readSnapshot(disk, identityFile, copy)) chunks.push(chunk.slice())
  } catch (error) {
    if (error instanceof BanyanError && error.kind === 'SnapshotInvalid') return undefined
    throw error
  }
  return concatBytes(...chunks)
}
