import { resolve } from 'node:path'
import { exitCodes, explain } from '@banyan/program'
import { type Flags, flagForm, helpText } from '@banyan/program/options'
import { runProgram } from '@banyan/program/run'
import { Command, CommanderError, Option } from 'commander'
import { initCentral } from './init.js'
import { optionRows, readOptions } from './options.js'
import { startCentral } from './start.js'

const command = new Command('banyan-central').description(
  'Accounts, credentials and registries of a compute network.',
)

command
  .command('init')
  .description('Makes the folder of a new central, and prints what regions need to know of it.')
  .requiredOption('--folder <path>', 'new folder')
  .action(async ({ folder }: { folder: string }) => {
    console.log(JSON.stringify(await initCentral(resolve(folder)), undefined, 2))
  })

const run = command.command('run').description('Runs a replica of central until it is signalled.')
for (const row of optionRows) run.addOption(new Option(flagForm(row), helpText(row)))
run.action(async (flags: Flags) => {
  const options = readOptions(flags, process.env)
  process.exit(await runProgram('central', options, (log, giveUp) => startCentral(options, log, giveUp)))
})

try {
  await command.exitOverride().parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? exitCodes.done : exitCodes.refused)
  console.error(explain(error))
  process.exit(exitCodes.refused)
}
