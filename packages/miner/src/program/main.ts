import { BanyanError } from '@banyan/base'
import { Command } from 'commander'
import { connectedMessage } from '../keep/keep.js'
import { join, patienceMs } from './join.js'
import { keep } from './keep.js'
import { minerOptions, readMinerOptions } from './options.js'

const program = new Command('banyan-miner').description(
  'Lends this machine to a region of the compute network.',
)
const print = (line: string): void => console.error(line)

function addCommand(name: string, description: string, run: Run): void {
  const command = program
    .command(name)
    .argument('<region>', 'Address of the region, such as https://region.example')
    .description(description)
  for (const { name: option, value, description: text, fallback } of minerOptions)
    command.option(
      value === undefined ? `--${option}` : `--${option} <${value}>`,
      fallback === undefined ? text : `${text} [${fallback}]`,
    )
  command.option('--stop-with-parent', 'Stop when standard input ends')
  command.action(async (region: string, options: Record<string, unknown>) => {
    const { stopWithParent, ...given } = options
    try {
      process.exitCode = await run({ ...given, region }, asked(stopWithParent === true))
    } catch (error) {
      if (!(error instanceof BanyanError)) throw error
      console.error(`${error.message} ${error.fix} (${error.code})`)
      process.exitCode = 1
    }
    // A keeper or parent that is listened to would keep this program alive.
    if (process.connected) process.disconnect()
    process.stdin.destroy()
  })
}

/** Gets what was given, and hears when it is to end. */
type Run = (given: Readonly<Record<string, unknown>>, end: Promise<void>) => Promise<number>

/** Resolves when the program is asked to end: by a signal, or because whoever keeps it is gone. */
function asked(withParent: boolean): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
    process.once('disconnect', resolve)
    if (withParent)
      process.stdin
        .on('end', resolve)
        .on('error', () => resolve())
        .resume()
  })
}

addCommand('join', 'Join a region, and work until it is interrupted', async (given, end) => {
  const miner = await join(readMinerOptions(given), print, () => process.send?.(connectedMessage))
  await end
  print('finishing what it has begun')
  await miner.stop(patienceMs)
  return 0
})
addCommand(
  'keep',
  'Join a region, and change to newer signed versions of this program by itself',
  async (given, end) => {
    const kept = await keep(readMinerOptions(given), print)
    void end.then(kept.end)
    return kept.ended
  },
)
await program.parseAsync()
