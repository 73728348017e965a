import { BanyanError } from '@banyan/base'
import { Command } from 'commander'
import { join, patienceMs } from './join.js'
import { minerOptions, readMinerOptions } from './options.js'

const program = new Command('banyan-miner').description(
  'Lends this machine to a region of the compute network.',
)
const command = program
  .command('join')
  .argument('<region>', 'Address of the region, such as https://region.example')
  .description('Join a region, and work until it is interrupted')
for (const { name, value, description, fallback } of minerOptions)
  command.option(
    value === undefined ? `--${name}` : `--${name} <${value}>`,
    fallback === undefined ? description : `${description} [${fallback}]`,
  )

command.action(async (region: string, given: Record<string, unknown>) => {
  try {
    const miner = await join(readMinerOptions({ ...given, region }), (line) => console.error(line))
    await new Promise((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, resolve)
    })
    console.error('finishing what it has begun')
    await miner.stop(patienceMs)
  } catch (error) {
    if (!(error instanceof BanyanError)) throw error
    console.error(`${error.message} ${error.fix} (${error.code})`)
    process.exitCode = 1
  }
})
await program.parseAsync()
