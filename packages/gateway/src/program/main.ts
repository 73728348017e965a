import { exitCodes, explain } from '@banyan/program'
import { type Flags, flagForm, helpText } from '@banyan/program/options'
import { runProgram } from '@banyan/program/run'
import { Command, CommanderError, Option } from 'commander'
import { optionRows, readOptions } from './options.js'
import { startGateway } from './start.js'

const command = new Command('banyan-gateway').description(
  'Publish and subscribe over MQTT, HTTP, server-sent events and WebSocket, on one port.',
)
const run = command.command('run').description('Runs a gateway until it is signalled.')
for (const row of optionRows) run.addOption(new Option(flagForm(row), helpText(row)))
run.action(async (flags: Flags) => {
  const options = readOptions(flags, process.env)
  process.exit(await runProgram('the gateway', options, (log) => startGateway(options, log)))
})

try {
  await command.exitOverride().parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? exitCodes.done : exitCodes.refused)
  console.error(explain(error))
  process.exit(exitCodes.refused)
}
