import { fileURLToPath } from 'node:url'
import { freshBundle } from '../bundle.js'
import { type ProgramOptions, type ProgramProcess, startProgram } from './program-process.js'
import { type ReadyLine, readReadyLine } from './ready-line.js'

/** A process of `banyan-node`. It ends by itself when this one is gone. */
export type NodeProcess = ProgramProcess<ReadyLine>

export type NodeProcessOptions = Pick<ProgramOptions<ReadyLine>, 'onLine'> &
  Partial<Pick<ProgramOptions<ReadyLine>, 'nodeFlags' | 'environment' | 'hasOwnGroup'>>

const packageFolder = new URL('../../', import.meta.url)
const file =
  freshBundle(packageFolder, 'banyan-node.js') ??
  fileURLToPath(new URL('dist/program/main.js', packageFolder))

/** Starts `banyan-node` with these words. */
export function startNodeProcess(
  words: readonly string[],
  { onLine, nodeFlags = [], environment = {}, hasOwnGroup = false }: NodeProcessOptions,
): NodeProcess {
  return startProgram({
    file,
    words,
    nodeFlags,
    readReady: readReadyLine,
    onLine,
    environment: { BANYAN_STOP_WITH_PARENT: 'true', ...environment },
    hasOwnGroup,
  })
}
