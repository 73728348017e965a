import { toHex, utf8 } from '@banyan/base'
import { scopes as allScopes, type Scope, type TrustTier } from './names.js'

/** What a session token says. It holds no secret and is kept nowhere: its maker knows it again by the code at its end. */
export type SessionClaims = {
  readonly account: string
  /** The enterprise that an end user belongs to. */
  readonly parent: string | undefined
  /** Id of the key that it was made from, or `password`. */
  readonly credential: string
  /** Sessions of earlier generations of the account have ended. */
  readonly generation: number
  readonly scopes: readonly Scope[]
  readonly tiers: readonly TrustTier[]
  /** ms since the Unix epoch. */
  readonly issued: number
  readonly expires: number
}

export type Sessions = {
  readonly issue: (claims: SessionClaims) => string
  /** The claims of a token that was made with this secret and has not expired. What was revoked since is for the caller to know. */
  readonly check: (token: string, now: number) => SessionClaims | undefined
}

/** A keyed hash of 32 bytes, such as HMAC-SHA-256. */
export type Mac = (bytes: Uint8Array) => Uint8Array

const prefix = 'bns'
const fieldCount = 8
const maxLength = 400
const codeLength = 64

/** Tokens of the form `bns.account.parent.credential.generation.scopes.tiers.issued.expires.code`, where scopes are numbered from 0, in base 36. */
export function createSessions(mac: Mac): Sessions {
  const codeOf = (body: string): string => toHex(mac(utf8(body))).slice(2)
  return {
    issue: (claims) => {
      const body = bodyOf(claims)
      return `${body}.${codeOf(body)}`
    },
    check: (token, now) => {
      if (token.length > maxLength) return undefined
      const end = token.length - codeLength - 1
      if (end < 0 || token[end] !== '.') return undefined
      const body = token.slice(0, end)
      if (!isSame(token.slice(end + 1), codeOf(body))) return undefined
      const claims = readBody(body)
      return claims !== undefined && now < claims.expires ? claims : undefined
    },
  }
}

function bodyOf({
  account,
  parent,
  credential,
  generation,
  scopes,
  tiers,
  issued,
  expires,
}: SessionClaims): string {
  const numbers = scopes.map((scope) => allScopes.indexOf(scope).toString(36)).join('')
  return [
    prefix,
    account,
    parent ?? '',
    credential,
    generation,
    numbers,
    tiers.join(''),
    issued,
    expires,
  ].join('.')
}

function readBody(body: string): SessionClaims | undefined {
  const [start, ...fields] = body.split('.')
  if (start !== prefix || fields.length !== fieldCount) return undefined
  const [account, parent, credential, generation, numbers, tiers, issued, expires] = fields
  return {
    account: account!,
    parent: parent === '' ? undefined : parent,
    credential: credential!,
    generation: Number(generation),
    scopes: [...numbers!].map((digit) => allScopes[Number.parseInt(digit, 36)]!),
    tiers: [...tiers!].map((digit) => Number(digit) as TrustTier),
    issued: Number(issued),
    expires: Number(expires),
  }
}

/** Takes the same time wherever two texts differ. */
function isSame(given: string, expected: string): boolean {
  let difference = given.length ^ expected.length
  for (let i = 0; i < expected.length; i++) difference |= given.charCodeAt(i) ^ expected.charCodeAt(i)
  return difference === 0
}
