import { type BanyanError, banyanError } from '@banyan/base'

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}

export function hasCode(error: unknown, code: string): boolean {
  return codeOf(error) === code
}

/** The registry error for what the operating system reported. */
export function diskError(error: unknown, operation: string, path: string): BanyanError {
  const code = codeOf(error)
  if (code === 'ENOSPC' || code === 'EDQUOT') return banyanError('DiskFull', { path }, error)
  return banyanError('DiskFailed', { operation, path }, error)
}

/** Runs one disk operation and turns its failure into `DiskFull` or `DiskFailed`. */
export async function attempt<Result>(
  operation: string,
  path: string,
  run: () => Promise<Result>,
): Promise<Result> {
  try {
    return await run()
  } catch (error) {
    throw diskError(error, operation, path)
  }
}
