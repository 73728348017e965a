import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { decodeJson, encodeJson } from '@banyan/base'
import type { Accounts, ClientAccount } from './port.js'

/** Keys and short-lived tokens of clients. Both are accepted; verdicts are remembered for a while. */
export type Sessions = {
  /** The account of a key or a token. */
  readonly check: (credential: string) => Promise<ClientAccount | undefined> | ClientAccount | undefined
  /** A token for a key. */
  readonly open: (key: string) => Promise<{ readonly token: string; readonly expiresAt: number } | undefined>
}

/** What a token says. */
type Claims = readonly [client: ClientAccount, expiresAt: number]

const prefix = 'bs1.'
const tokenMs = 15 * 60_000
const verdictMs = 30_000
const maxVerdicts = 100_000
const maxCredential = 1_024

/** Tokens are signed with a key that lives as long as the process: after a restart clients open new ones. */
export function createSessions(accounts: Accounts, now: () => number): Sessions {
  const secret = randomBytes(32)
  const verdicts = new Map<string, { readonly client: ClientAccount; readonly until: number }>()
  /** When sessions of an account were ended, and when all were. */
  const endedAt = new Map<string, number>()
  let allEndedAt = 0
  const sign = (payload: string): string => createHmac('sha256', secret).update(payload).digest('base64url')

  const remember = (credential: string, client: ClientAccount, until: number): ClientAccount => {
    if (verdicts.size >= maxVerdicts) verdicts.delete(verdicts.keys().next().value!)
    verdicts.set(credential, { client, until })
    return client
  }
  const readToken = (token: string): ClientAccount | undefined => {
    const [payload = '', mac = ''] = token.slice(prefix.length).split('.')
    const expected = Buffer.from(sign(payload))
    const given = Buffer.from(mac)
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
    const [client, expiresAt] = decodeJson(Buffer.from(payload, 'base64url').toString()) as Claims
    if (expiresAt <= now()) return undefined
    if (expiresAt - tokenMs <= Math.max(allEndedAt, endedAt.get(client.account) ?? 0)) return undefined
    return remember(token, client, expiresAt)
  }
  const readKey = async (key: string): Promise<ClientAccount | undefined> => {
    const client = await accounts.client(key)
    return client === undefined ? undefined : remember(key, client, now() + verdictMs)
  }
  accounts.onRevoked?.((ids) => {
    for (const [credential, { client }] of verdicts) {
      if (ids === undefined || ids.has(client.account)) verdicts.delete(credential)
    }
    for (const id of ids ?? []) endedAt.set(id, now())
    if (ids !== undefined && endedAt.size <= maxVerdicts) return
    allEndedAt = now()
    endedAt.clear()
  })
  return {
    check: (credential) => {
      if (credential.length > maxCredential) return undefined
      const known = verdicts.get(credential)
      if (known !== undefined && known.until > now()) return known.client
      verdicts.delete(credential)
      return credential.startsWith(prefix) ? readToken(credential) : readKey(credential)
    },
    open: async (key) => {
      const client = key.length > maxCredential ? undefined : await accounts.client(key)
      if (client === undefined) return undefined
      const expiresAt = now() + tokenMs
      const payload = Buffer.from(encodeJson([client, expiresAt] satisfies Claims)).toString('base64url')
      return { token: `${prefix}${payload}.${sign(payload)}`, expiresAt }
    },
  }
}
