import { minerOptions } from '@banyan/miner/options'
import { join, patienceMs, readMinerOptions } from '@banyan/miner/program'
import type { Context } from '../command-spec.js'

/** Runs a miner in this process until it is interrupted; then it finishes what it has begun. */
export async function run({ arguments: named, options, output, signal }: Context): Promise<undefined> {
  const own = Object.fromEntries(minerOptions.map(({ name }) => [camelCase(name), options[camelCase(name)]]))
  const miner = await join(readMinerOptions({ ...own, region: named['region'] }), (line) => output.talk(line))
  await new Promise((resolve) => {
    if (signal.aborted) resolve(undefined)
    else signal.addEventListener('abort', resolve, { once: true })
  })
  output.talk('finishing what it has begun')
  await miner.stop(patienceMs)
  const { traffic } = miner.state()
  output.result(traffic, [
    `${traffic.requests} requests, ${traffic.failed} of them failed, ${Math.round(traffic.cpuMs)} ms of CPU time`,
  ])
}

function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
