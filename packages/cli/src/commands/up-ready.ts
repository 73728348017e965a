import { toHex } from '@banyan/base'
import type { LocalNetwork } from '@banyan/local'
import type { Paint } from '../paint.js'

/** What a newcomer reads when the network is ready: where it is, and what to try. */
export function readyLines(
  paint: Paint,
  { origin, chainId, isNew, people }: LocalNetwork,
  milliseconds: number,
): readonly string[] {
  const [mira] = people
  const call = `{"jsonrpc":"2.0","id":1,"method":"eth_getBalance","params":["${toHex(mira!.address)}","latest"]}`
  return [
    '',
    `  ${paint.bold(`Banyan runs at ${origin}`)}   ${paint.quiet(`(${(milliseconds / 1_000).toFixed(1)} s)`)}`,
    `  Chain ${chainId}, ${isNew ? 'new' : 'which goes on'}. Nothing on it is worth anything; its keys are for development.`,
    '',
    `  ${paint.bold('Try')}`,
    `    npx banyan status`,
    `    npx banyan open`,
    `    curl ${origin}/rpc -H 'content-type: application/json' \\`,
    `      -d '${call}'`,
    '',
    `  ${paint.quiet('Ctrl-C stops it; everything stays for the next time.')}`,
  ]
}
