import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The program of ImageMagick on this machine; `undefined` without one. */
export async function findMagick(): Promise<string | undefined> {
  for (const program of ['magick', 'convert']) {
    const told = await run(program, ['-version']).catch(() => undefined)
    if (told?.stdout.includes('Version: ImageMagick')) return program
  }
  return undefined
}

/** Milliseconds of ImageMagick for the same thumbnail on one thread, with the start of its process. */
export async function magickTime(program: string, jpeg: Buffer, runs: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-magick-'))
  try {
    const source = join(folder, 'in.jpg')
    await writeFile(source, jpeg)
    const started = performance.now()
    for (let i = 0; i < runs; i++)
      await run(program, [source, '-thumbnail', '128x', '-quality', '80', join(folder, 'out.jpg')], {
        env: { ...process.env, MAGICK_THREAD_LIMIT: '1' },
      })
    return (performance.now() - started) / runs
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
