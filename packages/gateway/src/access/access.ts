import type { TopicFilter, TopicName } from '@banyan/topics'

/** Who a client is, as far as the gateway cares. */
export type Principal = { readonly name: string }

/** What a client shows: a name with a secret, or a secret alone. */
export type Credentials = { readonly name: string | undefined; readonly secret: Uint8Array | undefined }

/** `unexplained` refuses without saying that it is a matter of rights. */
export type Verdict = 'granted' | 'denied' | 'unexplained'

/** Who may connect, and what they may do: the same for clients of every protocol. */
export type Access = {
  /** `done` gets undefined if the credentials are wrong. It may be called later. */
  readonly authenticate: (credentials: Credentials, done: (principal: Principal | undefined) => void) => void
  readonly can: (
    principal: Principal,
    action: 'publish' | 'subscribe',
    name: TopicName | TopicFilter,
  ) => Verdict
}

/** Lets everybody do everything: for development on one machine. */
export const openAccess: Access = {
  authenticate: ({ name }, done) => done({ name: name ?? 'anyone' }),
  can: () => 'granted',
}
