import type { LocalPart, LocalStatus } from '@banyan/local/state'
import { getJson } from '../ask.js'
import type { Context } from '../command-spec.js'
import type { Paint } from '../paint.js'
import { runningNetwork } from '../running.js'
import { table } from '../table.js'
import { isolationText } from './isolation-text.js'

/** Shows the parts of the network as its supervisor sees them. */
export async function run({ settings, output, signal }: Context): Promise<undefined> {
  const { origin } = await runningNetwork(settings.folder)
  const status = await getJson<LocalStatus>(`${origin}/local/status`, settings.timeout, signal)
  output.result(status, linesOf(status, output.paint))
}

function linesOf(status: LocalStatus, paint: Paint): readonly string[] {
  const { origin, chainId, parts, compute, memoryBytes, since, folder } = status
  const well = parts.filter(({ state }) => state === 'ready').length
  const rows = parts.map((part) => [
    part.name,
    part.state === 'ready' ? paint.good('ready') : paint.wait(part.state),
    part.height === null ? '' : String(part.height),
    part.memoryBytes === null ? '' : megabytes(part.memoryBytes),
    part.pid === null ? '' : String(part.pid),
    Object.entries(part.ports)
      .map(([name, port]) => `${name} ${port}`)
      .join('  '),
    part.restarts === 0 ? '' : String(part.restarts),
  ])
  return [
    `${paint.bold(origin)}  chain ${chainId}, up for ${duration(Date.now() - since)}, ${well} of ${parts.length} parts are ready`,
    paint.quiet(folder),
    '',
    ...table(['part', 'state', 'block', 'memory', 'pid', 'ports', 'restarts'], rows, paint),
    '',
    ...parts.flatMap((part) => problemLines(part, paint)),
    computeLine(compute),
    ...(memoryBytes === null ? [] : [`${megabytes(memoryBytes)} of memory in all`]),
  ]
}

/** What is wrong with a part, and what helps. */
function problemLines({ name, problem }: LocalPart, paint: Paint): readonly string[] {
  if (problem === null) return []
  const { message, fix, code } = problem
  const what = message.startsWith(name) ? message : `${name}: ${message}`
  return [paint.bad(what), `  ${paint.bold(fix)}`, paint.quiet(`  ${code}`), '']
}

function computeLine({ state, reason, isolation }: LocalStatus['compute']): string {
  if (isolation !== null) return `It computes: ${isolationText(isolation)}`
  return state === 'off' ? 'It computes nothing: it was started without' : `It does not compute: ${reason}`
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MB`
}

function duration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1_000)
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`
  return `${Math.floor(seconds / 3_600)} h ${Math.floor((seconds % 3_600) / 60)} min`
}
