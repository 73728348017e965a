/** What the core needs of secrets: the pepper and the platform's cryptography stay behind this port. */
export type Vault = {
  /** HMAC-SHA-256 with the pepper, 64 hexadecimal digits, over a purpose and a text. */
  readonly mac: (purpose: 'key' | 'token', text: string) => string
  /** Compares in a time that does not depend on where two texts differ. */
  readonly isSame: (one: string, other: string) => boolean
  /** `length` bytes from a secure generator in hexadecimal digits. */
  readonly random: (length: number) => string
  /** Argon2id in PHC form. Error: HashesBusy. */
  readonly hashPassword: (password: string) => Promise<string>
  /** Whether the password has this hash. `undefined` costs the same time and is never right. Error: HashesBusy. */
  readonly isPassword: (hash: string | undefined, password: string) => Promise<boolean>
}

export type Secret = { readonly id: string; readonly text: string; readonly mac: string }

const prefixes = { key: 'bnk', join: 'bnj', reset: 'bnr' } as const
export type SecretKind = keyof typeof prefixes

/** A new credential: an id that may be known, and 32 random bytes that are shown once. */
export function makeSecret(vault: Vault, kind: SecretKind): Secret {
  const id = vault.random(12)
  const text = `${prefixes[kind]}_${id}_${vault.random(32)}`
  return { id, text, mac: vault.mac(purposeOf(kind), text) }
}

/** Id in a credential of this kind; `undefined` if it is none. */
export function secretId(kind: SecretKind, text: string): string | undefined {
  return new RegExp(`^${prefixes[kind]}_([0-9a-f]{24})_[0-9a-f]{64}$`).exec(text)?.[1]
}

export function isSecret(vault: Vault, kind: SecretKind, text: string, mac: string): boolean {
  return vault.isSame(vault.mac(purposeOf(kind), text), mac)
}

function purposeOf(kind: SecretKind): 'key' | 'token' {
  return kind === 'key' ? 'key' : 'token'
}
