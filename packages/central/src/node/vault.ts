import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Mac } from '@banyan/central-link'
import { hash, verify } from '@node-rs/argon2'
import type { Vault } from '../vault.js'
import { createHashQueue } from './hash-queue.js'

/** Parameters of Argon2id (RFC 9106). */
export type Argon2Options = {
  /** KiB. */
  readonly memoryCost: number
  /** Passes. */
  readonly timeCost: number
  readonly parallelism: number
}

/** 128 MiB, three passes, one lane: 0.1 to 0.5 s. */
export const defaultArgon2: Argon2Options = { memoryCost: 131_072, timeCost: 3, parallelism: 1 }

const hashesAtOnce = 2
const hashesWaiting = 64

/** Secrets on the platform's cryptography. The pepper, 32 bytes, is in no record: whoever has the journal alone can check no guess of a key. */
export async function createVault(pepper: Uint8Array, argon2: Argon2Options = defaultArgon2): Promise<Vault> {
  const run = createHashQueue(hashesAtOnce, hashesWaiting)
  const nobody = await hash(randomBytes(16).toString('hex'), argon2)
  return {
    mac: (purpose, text) => createHmac('sha256', pepper).update(`${purpose} ${text}`).digest('hex'),
    isSame: (one, other) => {
      const [first, second] = [Buffer.from(one), Buffer.from(other)]
      return first.length === second.length && timingSafeEqual(first, second)
    },
    random: (length) => randomBytes(length).toString('hex'),
    hashPassword: (password) => run(() => hash(password, argon2)),
    isPassword: async (stored, password) => {
      const isRight = await run(() => verify(stored ?? nobody, password))
      return isRight && stored !== undefined
    },
  }
}

/** Keyed hash of session tokens under a key of its own, made from the pepper. */
export function sessionMac(pepper: Uint8Array): Mac {
  const key = createHmac('sha256', pepper).update('session').digest()
  return (bytes) => createHmac('sha256', key).update(bytes).digest()
}
