import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type Hex, toHex } from '@banyan/base'
import { callAll } from '@banyan/testing/cluster'

/** How anvil makes blocks: one as soon as a transaction is there, or one each second. */
export type Mining = 'at once' | 'each second'

/** A running anvil. */
export type Anvil = { readonly rpc: string; readonly pid: number; readonly close: () => Promise<void> }

const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' }

/** Starts anvil with accounts that have funds, no base fee and room for all transactions of a second in a block. */
export async function startAnvil(
  chainId: number,
  mining: Mining,
  funded: readonly Uint8Array[],
): Promise<Anvil> {
  const name = `@foundry-rs/anvil-${process.platform}-${architectures[process.arch]}/bin/anvil`
  const blocks = mining === 'each second' ? ['--block-time', '1'] : []
  const child = spawn(
    fileURLToPath(import.meta.resolve(name)),
    ['--port', '0', '--chain-id', `${chainId}`, '--base-fee', '0', '--gas-limit', '1000000000', ...blocks],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const rpc = await addressOf(child)
  const balance = toHex(Uint8Array.of(1, ...new Uint8Array(12))) as Hex
  await callAll(
    rpc,
    'anvil_setBalance',
    funded.map((address) => [toHex(address), balance]),
  )
  return {
    rpc,
    pid: child.pid!,
    close: async () => {
      const ended = new Promise((resolve) => child.once('close', resolve))
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** Where it says it listens. All that it prints afterwards is read and forgotten. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', () => reject(new Error('anvil ended before it listened')))
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const found = /^Listening on (\S+)$/.exec(line)
      if (found !== null) resolve(`http://${found[1]}`)
    })
  })
}
