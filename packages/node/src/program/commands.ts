import { join, resolve } from 'node:path'
import { fail, formatAmount, toHex } from '@banyan/base'
import { type Flags, flagForm, helpText } from '@banyan/program/options'
import { runProgram } from '@banyan/program/run'
import { Command, InvalidArgumentError, Option } from 'commander'
import type { z } from 'zod'
import { readConfiguration } from './configuration.js'
import { readJson, writeNewJson } from './files.js'
import { accountsForm, readGenesis } from './genesis-file.js'
import { makeKeys, publicParts, publicPartsForm, publicPartsText, readKeys } from './keys.js'
import { enroll, genesisIdOf, genesisText, makeNetwork, type NetworkPlan } from './make-network.js'
import { optionRows } from './options.js'
import { startNode } from './start-node.js'

/** The command `banyan-node`. `onExit` gets the code with which the process is to end. */
export function nodeCommand(onExit: (code: number) => void): Command {
  const command = new Command('banyan-node')
    .description('A node of a Banyan chain: makes networks, and runs one of their nodes.')
    .enablePositionalOptions()
  addInit(command)
  addKeys(command)
  addGenesis(command)
  addEnroll(command)
  addRun(command, onExit)
  return command
}

type PlanFlags = Omit<NetworkPlan, 'accounts' | 'registryOwner'> & {
  readonly accounts: readonly string[]
  readonly registryOwner?: string
}

function addInit(command: Command): void {
  const init = command
    .command('init')
    .description('Makes a local network: a genesis file, and for each validator a folder to run it from.')
    .requiredOption('--folder <path>', 'new folder of the network')
    .option('--validators <number>', 'how many validators', wholeNumber, 4)
  addPlan(init).action(async (flags: PlanFlags & { folder: string; validators: number }) => {
    const { folder, validators, ...rest } = flags
    if (validators < 1 || validators > 1_024) {
      fail('OptionInvalid', { option: 'validators', reason: 'not a whole number from 1 to 1024' })
    }
    await makeNetwork(resolve(folder), validators, await planOf(rest))
    console.log(`${validators} validators in ${folder}. Start each of them:`)
    for (let i = 0; i < validators; i++) {
      console.log(`  banyan-node run --config ${join(folder, `node-${i}`, 'config.json')}`)
    }
  })
}

function addKeys(command: Command): void {
  command
    .command('keys')
    .description('Makes the keys of a node, and prints their public parts for the genesis file.')
    .requiredOption('--out <path>', 'new file for the secret keys')
    .action(async ({ out }: { out: string }) => {
      console.log(
        JSON.stringify(publicPartsText(await publicParts(await makeKeys(resolve(out)))), undefined, 2),
      )
    })
}

function addGenesis(command: Command): void {
  const genesis = command
    .command('genesis')
    .description('Makes a genesis file from the public parts of keys that others have made.')
    .requiredOption('--out <path>', 'new genesis file')
    .requiredOption('--validators <files...>', 'files with what `banyan-node keys` has printed')
  addPlan(genesis).action(async (flags: PlanFlags & { out: string; validators: readonly string[] }) => {
    const { out, validators, ...rest } = flags
    const parts = await Promise.all(validators.map((path) => readJson(resolve(path), publicPartsForm)))
    const path = resolve(out)
    await writeNewJson(path, genesisText(await planOf(rest), parts))
    await readGenesis(path)
  })
}

function addEnroll(command: Command): void {
  const enrolling = command
    .command('enroll')
    .description(
      'Puts the key of a validator to use on its chain. Once for each key: never after it has voted.',
    )
  addNodeOptions(enrolling).action(async (flags: Flags) => {
    const { keys, genesis, folder } = await readConfiguration(flags, process.env)
    await enroll(folder, await genesisIdOf(genesis), await readKeys(keys))
  })
}

function addRun(command: Command, onExit: (code: number) => void): void {
  const run = command.command('run').description('Runs a node until it is signalled.')
  addNodeOptions(run).action(async (flags: Flags) => {
    const options = await readConfiguration(flags, process.env)
    onExit(await runProgram('the node', options, (log, giveUp) => startNode(options, log, giveUp)))
  })
}

/** The options of a node; what they mean is in the schema. Their texts are read with those of the environment. */
function addNodeOptions(command: Command): Command {
  command.option('--config <path>', 'configuration file (environment: BANYAN_CONFIG)')
  for (const row of optionRows) command.addOption(new Option(flagForm(row), helpText(row)))
  return command
}

function addPlan(command: Command): Command {
  return command
    .option('--chain-id <number>', 'number of the chain', wholeNumber, 7001)
    .option(
      '--accounts <files...>',
      'JSON files with accounts that have funds: [{"address", "balance"}] in FIG',
      [],
    )
    .option('--block-interval <ms>', 'time between blocks while transactions wait', wholeNumber, 250)
    .option('--heartbeat <ms>', 'time between blocks while none wait', wholeNumber, 2_000)
    .option('--network-delay <ms>', 'bound of the delay between nodes, for time-outs', wholeNumber, 1_000)
    .option('--epoch-blocks <number>', 'blocks of an epoch', wholeNumber, 1_000)
    .addOption(
      new Option('--schedule <name>', 'who proposes')
        .choices(['roundRobin', 'shuffled'])
        .default('roundRobin'),
    )
    .addOption(
      new Option('--quorum-rule <name>', 'crash: for one operator only, safe only while no node lies')
        .choices(['byzantine', 'crash'])
        .default('byzantine'),
    )
    .option('--registry-owner <address>', 'account that may add and remove validators later')
}

async function planOf({ accounts, registryOwner, ...plan }: PlanFlags): Promise<NetworkPlan> {
  const lists = await Promise.all(accounts.map((path) => readJson(resolve(path), accountsForm)))
  return { ...plan, registryOwner, accounts: lists.flat().map(accountText) }
}

function accountText({ address, balance, delegate }: z.output<typeof accountsForm>[number]) {
  const text = { address: toHex(address), balance: formatAmount(balance) }
  return delegate === undefined ? text : { ...text, delegate: toHex(delegate) }
}

function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('Not a whole number.')
  return Number(text)
}
