import type { LightClient } from '@banyan/light'
import type { Log } from './read/transactions.js'

/** Checks answers instead of believing them: `createVerifier` of `@banyan/sdk/verify` makes one. */
export type Verifier = LightClient & {
  /** Whether these are all logs under the root in a receipt. */
  readonly areLogs: (logsRoot: Uint8Array, logs: readonly Log[]) => boolean
}
