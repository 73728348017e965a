import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type Hex, toHex } from '@banyan/base'
import { callAll } from '@banyan/testing/cluster'

/** A running anvil. */
export type Anvil = { readonly rpc: string; readonly pid: number; readonly close: () => Promise<void> }

const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' }

/**
 * Starts anvil with accounts that have funds, no base fee, and a block each second with room for all transactions of that
 * second. Mining each transaction at once costs it about as much, and hangs where several clients send at a time.
 */
export async function startAnvil(chainId: number, funded: readonly Uint8Array[]): Promise<Anvil> {
  const name = `@foundry-rs/anvil-${process.platform}-${architectures[process.arch]}/bin/anvil`
  const child = spawn(
    fileURLToPath(import.meta.resolve(name)),
    [
      ...['--port', '0', '--chain-id', `${chainId}`, '--block-time', '1'],
      ...['--base-fee', '0', '--gas-limit', '1000000000'],
    ],
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
