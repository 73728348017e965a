import { watch } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fail } from '@banyan/base'
import { layoutOf } from '@banyan/local/state'
import type { Context } from '../command-spec.js'
import { logLine, timeOf } from '../log-line.js'

/** As much of a log's end as is looked at. */
const tailBytes = 2 ** 20
const maxLines = 10_000

type Source = { readonly part: string; readonly path: string; position: number }

/** Shows the logs of a network, whether it runs or not. */
export async function run(context: Context): Promise<undefined> {
  const { settings, options, signal } = context
  const folder = layoutOf(resolve(settings.folder)).logs
  const sources = await sourcesOf(folder, context.arguments['part'])
  if (sources.length === 0)
    context.output.talk(`Nothing was logged in ${folder} yet; \`banyan up\` does that.`)
  const count = countOf(String(options['lines'] ?? '20'))
  const newest = await Promise.all(
    sources.map(async (source) => dated(source.part, (await readOn(source, tailBytes)).slice(-count))),
  )
  // Lines of the same moment stay in the order of the parts.
  const inOrder = newest.flat().sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))
  for (const { part, line } of inOrder) show(context, part, line)
  if (options['follow'] !== true) return
  await follow(folder, sources, (source, line) => show(context, source.part, line), signal)
}

type DatedLine = { readonly part: string; readonly line: string; readonly time: string }

/** Lines with their times as ISO text, which sort as times do; one that tells none belongs to the one before it. */
function dated(part: string, lines: readonly string[]): readonly DatedLine[] {
  let time = ''
  return lines.map((line) => {
    time = timeOf(line) ?? time
    return { part, line, time }
  })
}

function countOf(text: string): number {
  const count = Number(text)
  if (Number.isSafeInteger(count) && count >= 0 && count <= maxLines) return count
  return fail('UsageWrong', {
    command: 'banyan logs',
    reason: `--lines is not a number from 0 to ${maxLines}`,
  })
}

async function sourcesOf(folder: string, part: string | undefined): Promise<Source[]> {
  const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.log')).sort()
  const names = files.map((file) => file.slice(0, -4))
  if (part !== undefined && !names.includes(part)) fail('PartUnknown', { part })
  return names
    .filter((name) => part === undefined || name === part)
    .map((name) => ({ part: name, path: join(folder, `${name}.log`), position: 0 }))
}

/** Whole lines from the position on, at most the last `limit` bytes of them; the position moves behind them. */
async function readOn(source: Source, limit: number): Promise<readonly string[]> {
  const { size } = await stat(source.path)
  // The file has begun anew.
  if (size < source.position) source.position = 0
  const from = Math.max(source.position, size - limit)
  const file = await open(source.path)
  try {
    const bytes = Buffer.alloc(size - from)
    const { bytesRead } = await file.read(bytes, 0, bytes.length, from)
    const end = bytes.subarray(0, bytesRead).lastIndexOf(10) + 1
    const isCut = from > source.position
    source.position = from + end
    const lines = bytes.subarray(0, end).toString('utf8').split('\n').slice(0, -1)
    return isCut ? lines.slice(1) : lines
  } finally {
    await file.close()
  }
}

async function follow(
  folder: string,
  sources: readonly Source[],
  onLine: (source: Source, line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  let reading = Promise.resolve()
  const look = (): void => {
    reading = reading.then(async () => {
      for (const source of sources) for (const line of await readOn(source, tailBytes)) onLine(source, line)
    })
  }
  const watcher = watch(folder, look)
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
  watcher.close()
  await reading
}

function show({ output }: Context, part: string, line: string): void {
  output.item({ part, line }, logLine(part, line, output.paint))
}
