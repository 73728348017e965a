export type Conditions = {
  /** It rests while others use the machine. */
  readonly isPolite: boolean
  readonly isAtNight: boolean
  readonly isOnMains: boolean
}

/** The command that joins a region with these conditions: docs/miner.md. What only the owner knows stands in capitals. */
export function joinCommand(
  region: string | null,
  services: readonly string[],
  { isPolite, isAtNight, isOnMains }: Conditions,
): string {
  const options = [
    '--token-file TOKEN',
    '--registry REGISTRY',
    `--dservices ${services.length === 0 ? 'SERVICES' : services.join(',')}`,
    '--authorities KEYS',
    ...(isPolite ? ['--max-load 50'] : []),
    ...(isAtNight ? ['--hours 22:00-06:30'] : []),
    ...(isOnMains ? ['--min-battery 60'] : []),
  ]
  return [`npx banyan miner join ${region ?? 'REGION'}`, ...options].join(' \\\n  ')
}
