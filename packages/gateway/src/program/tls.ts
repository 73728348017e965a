import type { KeyPair } from '../identity/authority.js'
import { type Identity, openIdentity } from '../identity/folder.js'
import { readCertificate } from './files.js'
import type { RunOptions } from './options.js'

/** How often certificates are looked at; Node allows no timer of a month. */
const lookMs = 6 * 3_600_000

/** What a gateway shows for TLS. */
export type Tls = {
  readonly current: KeyPair
  /** The authority that clients have to trust, if it is the gateway's own. */
  readonly identity: Identity | undefined
  /** Calls `change` with a new certificate whenever one was made; the result ends that. */
  readonly renew: (change: (leaf: KeyPair) => void, failed: (error: unknown) => void) => () => void
}

/**
 * TLS by the certificate that the options name, or by one of the gateway's own; undefined if they name neither. Errors: those of
 * `readCertificate` and `openIdentity`.
 */
export async function openTls(options: RunOptions): Promise<Tls | undefined> {
  const given = readCertificate(options)
  const { folder, names } = options
  if (given !== undefined) return { current: given, identity: undefined, renew: () => () => undefined }
  if (folder === undefined) return undefined
  const identity = await openIdentity(folder, names, Date.now())
  return {
    current: identity.leaf,
    identity,
    renew: (change, failed) => {
      let shown = identity.leaf.certificate
      const look = async (): Promise<void> => {
        const { leaf } = await openIdentity(folder, names, Date.now())
        if (leaf.certificate !== shown) change(leaf)
        shown = leaf.certificate
      }
      const timer = setInterval(() => void look().catch(failed), lookMs)
      return () => clearInterval(timer)
    },
  }
}
