import { resolve } from 'node:path'
import { exitCodes, explain } from '@banyan/program'
import { Command, CommanderError, Option } from 'commander'
import { initCentral } from './init.js'
import { optionRows, readOptions } from './options.js'
import { runCentral } from './run.js'

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
for (const { flag, type, variable, fallback, description } of optionRows) {
  const form =
    type === 'boolean'
      ? flag
      : `${flag} <${type === 'array' ? 'list' : type === 'integer' ? 'number' : 'text'}>`
  const rest = fallback === '' ? '' : `; default: ${fallback}`
  run.addOption(new Option(form, `${description} (environment: ${variable}${rest})`))
}
run.action(async (flags: Readonly<Record<string, string | true | undefined>>) => {
  process.exit(await runCentral(readOptions(flags, process.env)))
})

try {
  await command.exitOverride().parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? exitCodes.done : exitCodes.refused)
  console.error(explain(error))
  process.exit(exitCodes.refused)
}
