/** Words for calls of the contracts that every chain starts with, by the first four bytes of their data (docs/contracts.md). */
const methodWords: Readonly<Record<string, string>> = {
  '0x44639457': 'created a token',
  '0x40c10f19': 'issued more of a token',
  '0x095ea7b3': 'allowed another account to spend its tokens',
  '0xd505accf': 'allowed another account to spend its tokens',
  '0x8456cb59': 'paused transfers of a token',
  '0x3f4ba83a': 'resumed transfers of a token',
  '0x6849cb9d': 'handed a token over to a new issuer',
  '0xd8e98610': 'set who may sign for the account',
  '0xa592809a': 'went back to a single key for the account',
  '0x9c7aaf3e': 'named guardians for the account',
  '0xa2643f45': 'supported the recovery of an account',
  '0x23af4961': 'finished the recovery of an account',
  '0x0ba234d6': 'cancelled a recovery of the account',
  '0x877c5911': 'allowed a session key for an app',
  '0x5c9fec4c': 'ended a session key',
  '0xca5eb5e1': 'chose a delegate',
  '0xdc0e3cef': 'chose how small outputs are merged',
}

/** What a call does, as the rest of a sentence that starts with who did it. */
export function methodText(method: string | null): string | undefined {
  return method === null ? undefined : methodWords[method]
}
