import type { LocalNetwork } from '@banyan/local'
import type { Paint } from '../paint.js'

/** What a newcomer reads when the network is ready: where it is, and what to try. Lines fit into 80 columns. */
export function readyLines(
  paint: Paint,
  { origin, chainId, isNew }: LocalNetwork,
  milliseconds: number,
): readonly string[] {
  const seconds = (milliseconds / 1_000).toFixed(1)
  return [
    '',
    `  ${paint.bold('Banyan is ready:')} ${paint.bold(paint.good(origin))}  ${paint.quiet(`${seconds} s`)}`,
    `  Chain ${chainId}, ${isNew ? 'new' : 'as it was when it stopped'}. Its coins and keys are for trying things out.`,
    '',
    '  In another terminal:',
    '    npx banyan status',
    '    npx banyan transfer 12.5 Otto --account Mira',
    `    curl ${origin}/v1/status`,
    '',
    paint.quiet('  Ctrl-C stops it; the next start goes on where it ended.'),
  ]
}
