import { createInterface } from 'node:readline/promises'
import { fail } from '@banyan/base'
import type { Context } from './command-spec.js'

/** Goes on if the user agreed by --yes or says so now. `act` is what is to be done. Error: ConfirmationMissing. */
export async function confirm(
  { options, canAsk, signal }: Context,
  question: string,
  act: string,
): Promise<void> {
  if (options['yes'] === true) return
  if (!canAsk) fail('ConfirmationMissing', { act })
  const ask = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const answer = await ask.question(`${question} (y/N) `, { signal })
    if (!/^y(es)?$/i.test(answer.trim())) fail('ConfirmationMissing', { act })
  } finally {
    ask.close()
  }
}
