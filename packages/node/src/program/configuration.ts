import { resolve } from 'node:path'
import { type Environment, type Flags, readOptions } from '@banyan/program/options'
import { z } from 'zod'
import { readJson } from './files.js'
import { optionRows, type RunOptions, runOptions } from './options.js'

/**
 * The options of a node; `config` names the configuration file, with relative paths that are relative to it.
 * Errors: OptionInvalid, FileUnreadable, FileInvalid.
 */
export async function readConfiguration(flags: Flags, environment: Environment): Promise<RunOptions> {
  const config = flags['config'] ?? environment['BANYAN_CONFIG']
  if (typeof config !== 'string') return readOptions(runOptions, optionRows, flags, environment)
  const path = resolve(config)
  const values = await readJson(path, z.record(z.string(), z.unknown()))
  return readOptions(runOptions, optionRows, flags, environment, { path, values })
}
