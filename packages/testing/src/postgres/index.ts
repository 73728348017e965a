import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A PostgreSQL of the system in a folder of its own, over a socket in that folder. */
export type Database = { readonly folder: string; readonly close: () => Promise<void> }

const root = '/usr/lib/postgresql'

/** Folder with the programs of PostgreSQL as Debian installs them; `undefined` if there is none. */
export function findPostgres(): string | undefined {
  if (!existsSync(root)) return undefined
  const versions = readdirSync(root).sort((a, b) => Number(b) - Number(a))
  return versions.map((version) => join(root, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')))
}

/** The database refuses to run as root: its own user exists where it is installed. */
function identity(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {}
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres']).toString())
  return { uid: id('-u'), gid: id('-g') }
}

/** Makes a database and starts it; `bin` is what `findPostgres` gave. */
export async function startPostgres(bin: string): Promise<Database> {
  const folder = mkdtempSync(join(tmpdir(), 'banyan-pg-'))
  const user = identity()
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const options = { ...user, cwd: folder }
  const setUp = ['-D', data, '-A', 'trust', '-N', '-E', 'UTF8', '--locale=C', '-U', 'postgres']
  execFileSync(join(bin, 'initdb'), setUp, { ...options, stdio: 'ignore' })
  const server = spawn(join(bin, 'postgres'), ['-D', data, '-k', folder, '-c', 'listen_addresses='], {
    ...options,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  await ready(server)
  return {
    folder,
    close: async () => {
      const ended = new Promise((resolve) => server.once('exit', resolve))
      server.kill('SIGINT')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    server.stderr?.on('data', (bytes: Buffer) => {
      said += bytes.toString()
      if (said.includes('ready to accept connections')) resolve()
    })
    server.once('exit', () => reject(new Error(`PostgreSQL did not start: ${said}`)))
  })
}
