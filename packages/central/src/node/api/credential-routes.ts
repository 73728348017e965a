import { fail } from '@banyan/base'
import { keyIdForm, onceForm, scopeForm } from '@banyan/central-link'
import { z } from 'zod'
import { endSessions } from '../../change/accounts.js'
import { accountOf } from '../../change/change.js'
import {
  createKey,
  createToken,
  redeemReset,
  revokeKey,
  rotateKey,
  usableToken,
} from '../../change/credentials.js'
import type { Account } from '../../records.js'
import * as F from './forms.js'
import { needManager } from './permission.js'
import { type Route, route, type Scope } from './route.js'

const leastPassword = 12
const dayMs = 86_400_000

function keyOwner({ central }: Scope, key: string): Account {
  const found = central.state.keys.get(key) ?? fail('KeyUnknown', { key })
  return accountOf(central, found.account)
}

export const credentialRoutes: readonly Route[] = [
  route({
    method: 'post',
    path: '/v1/sessions',
    id: 'signIn',
    summary: 'Begins a session by contact and password.',
    open: true,
    body: z.strictObject({ contact: F.contact, password: F.password }),
    answer: z.object({ token: z.string(), expires: F.time, account: F.account.shape.id }),
    run: ({ credentials }, { body, address }) => credentials.signIn(body.contact, body.password, address),
  }),
  route({
    method: 'post',
    path: '/v1/passwords',
    id: 'setPassword',
    summary: 'Sets a password by a token that works once. All sessions of the account end.',
    open: true,
    body: z.strictObject({ token: onceForm, password: F.password }),
    answer: z.object({ account: F.account.shape.id }),
    run: async ({ central, vault, now }, { body }) => {
      const { token, password } = body
      if (password.length < leastPassword)
        fail('PasswordUnsuited', { reason: `it has fewer than ${leastPassword} characters` })
      // A token that is none costs no hash.
      usableToken({ state: central.state, vault, now: now() }, 'reset', token)
      const hash = await vault.hashPassword(password)
      return central.change('system', (context) => redeemReset(context, token, hash))
    },
  }),
  route({
    method: 'post',
    path: '/v1/accounts/{account}/end-sessions',
    id: 'endSessions',
    summary: 'Ends all sessions of an account.',
    params: F.accountIn,
    answer: F.done,
    run: async ({ central }, request) => {
      const identity = needManager(request, accountOf(central, request.params.account))
      await central.change(identity.account, (context) => endSessions(context, request.params.account))
      return {}
    },
  }),
  route({
    method: 'get',
    path: '/v1/accounts/{account}/keys',
    id: 'listKeys',
    summary: 'Keys of an account that were not revoked, without their secrets.',
    params: F.accountIn,
    answer: z.array(F.listedKey),
    run: async ({ central }, request) => {
      const account = accountOf(central, request.params.account)
      needManager(request, account)
      return [...(central.state.keysOf.get(account.id) ?? [])].map((id) => {
        const { scopes, created, expires } = central.state.keys.get(id)!
        return { id, scopes, created, expires }
      })
    },
  }),
  route({
    method: 'post',
    path: '/v1/accounts/{account}/keys',
    id: 'createKey',
    summary: 'Makes a key and shows it, this once.',
    params: F.accountIn,
    body: z.strictObject({ scopes: z.array(scopeForm).min(1).max(10), expires: F.time.optional() }),
    answer: F.shownKey,
    run: async ({ central }, request) => {
      const identity = needManager(request, accountOf(central, request.params.account))
      const { scopes, expires } = request.body
      return central.change(identity.account, (context) =>
        createKey(context, request.params.account, scopes, expires),
      )
    },
  }),
  route({
    method: 'post',
    path: '/v1/accounts/{account}/join-tokens',
    id: 'createJoinToken',
    summary: 'Makes a token that a miner exchanges for its key.',
    params: F.accountIn,
    body: z.strictObject({
      lifeMs: z
        .int()
        .min(1_000)
        .max(7 * dayMs),
    }),
    answer: F.shownToken,
    run: async ({ central }, request) => {
      const identity = needManager(request, accountOf(central, request.params.account))
      return central.change(identity.account, (context) =>
        createToken(context, request.params.account, 'join', request.body.lifeMs),
      )
    },
  }),
  route({
    method: 'post',
    path: '/v1/accounts/{account}/reset-tokens',
    id: 'createResetToken',
    summary: 'Makes a token by which the owner of an account sets its password.',
    params: F.accountIn,
    body: z.strictObject({ lifeMs: z.int().min(1_000).max(dayMs) }),
    answer: F.shownToken,
    run: async ({ central }, request) => {
      const account = accountOf(central, request.params.account)
      const identity = needManager(request, account)
      return central.change(identity.account, (context) =>
        createToken(context, account.id, 'reset', request.body.lifeMs),
      )
    },
  }),
  route({
    method: 'post',
    path: '/v1/keys/{key}/rotate',
    id: 'rotateKey',
    summary: 'Makes a new key instead of one, which goes on working for the grace.',
    params: z.object({ key: keyIdForm }),
    body: z.strictObject({
      graceMs: z
        .int()
        .min(0)
        .max(30 * dayMs),
    }),
    answer: F.shownKey,
    run: async (scope, request) => {
      const identity = needManager(request, keyOwner(scope, request.params.key))
      return scope.central.change(identity.account, (context) =>
        rotateKey(context, request.params.key, request.body.graceMs),
      )
    },
  }),
  route({
    method: 'post',
    path: '/v1/keys/{key}/revoke',
    id: 'revokeKey',
    summary: 'Revokes a key at once and for good.',
    params: z.object({ key: keyIdForm }),
    answer: F.done,
    run: async (scope, request) => {
      const identity = needManager(request, keyOwner(scope, request.params.key))
      await scope.central.change(identity.account, (context) => revokeKey(context, request.params.key))
      return {}
    },
  }),
]
