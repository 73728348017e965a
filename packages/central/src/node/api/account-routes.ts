import { scopeForm } from '@banyan/central-link'
import { z } from 'zod'
import { changeAccount, createAccount, setAccountState } from '../../change/accounts.js'
import { accountOf } from '../../change/change.js'
import type { Account } from '../../records.js'
import { scopesOf } from '../../rules/kinds.js'
import * as F from './forms.js'
import { identityOf, needManager, needScope, needScopesOf } from './permission.js'
import { type Route, route } from './route.js'

const listLimit = 1_000

export const accountRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/whoami',
    id: 'whoAmI',
    summary: 'Whom the credentials belong to, and what they are good for.',
    answer: z.object({ account: F.account, scopes: z.array(scopeForm) }),
    run: async ({ central }, request) => {
      const { account, scopes } = identityOf(request)
      return { account: accountOf(central, account), scopes }
    },
  }),
  route({
    method: 'post',
    path: '/v1/accounts',
    id: 'createAccount',
    summary: 'Makes an account without credentials. An enterprise makes those of its end users.',
    body: F.newAccount,
    answer: F.account,
    run: async ({ central }, request) => {
      const { body } = request
      const identity = identityOf(request)
      const isChild = body.kind === 'child' && body.parent === identity.account
      if (!(isChild && identity.scopes.includes('children'))) needScope(request, 'accounts')
      if (body.kind === 'admin') needScopesOf(identity, body.scopes ?? scopesOf.admin)
      return central.change(identity.account, (context) => createAccount(context, body))
    },
  }),
  route({
    method: 'get',
    path: '/v1/accounts',
    id: 'listAccounts',
    summary: 'Accounts in the order in which they were made.',
    query: z.object({
      kind: F.kind.optional(),
      after: F.account.shape.id.optional(),
      limit: F.numberIn(listLimit).optional(),
    }),
    answer: z.array(F.account),
    run: async ({ central }, request) => {
      needScope(request, 'accounts')
      const { kind, after, limit = 100 } = request.query
      const found: Account[] = []
      let isPast = after === undefined
      for (const account of central.state.accounts.values()) {
        if (found.length === limit) break
        if (isPast && (kind === undefined || account.kind === kind)) found.push(account)
        if (account.id === after) isPast = true
      }
      return found
    },
  }),
  route({
    method: 'get',
    path: '/v1/accounts/{account}',
    id: 'getAccount',
    summary: 'One account.',
    params: F.accountIn,
    answer: F.account,
    run: async ({ central }, request) => {
      const account = accountOf(central, request.params.account)
      if (identityOf(request).account !== account.id) needManager(request, account)
      return account
    },
  }),
  route({
    method: 'post',
    path: '/v1/accounts/{account}/changes',
    id: 'changeAccount',
    summary: 'Changes what an account is. Verdicts about it that regions keep are void.',
    params: F.accountIn,
    body: F.accountChanges,
    answer: F.account,
    run: async ({ central }, request) => {
      const identity = needScope(request, 'accounts')
      const account = accountOf(central, request.params.account)
      needManager(request, account)
      if (account.kind === 'admin') needScopesOf(identity, request.body.scopes ?? [])
      const changes = Object.fromEntries(
        Object.entries(request.body).filter(([, value]) => value !== undefined),
      )
      return central.change(identity.account, (context) => changeAccount(context, account.id, changes))
    },
  }),
  route({
    method: 'post',
    path: '/v1/accounts/{account}/terms',
    id: 'acceptTerms',
    summary: 'Accepts a version of the terms, for one’s own account.',
    params: F.accountIn,
    body: z.strictObject({ version: z.string().min(1).max(40) }),
    answer: F.account,
    run: async ({ central, now }, request) => {
      const identity = needManager(request, accountOf(central, request.params.account))
      const terms = { version: request.body.version, at: now() }
      return central.change(identity.account, (context) =>
        changeAccount(context, request.params.account, { terms }),
      )
    },
  }),
  route({
    method: 'post',
    path: '/v1/accounts/{account}/state',
    id: 'setAccountState',
    summary: 'Suspends an account, bans it, or lets it work again.',
    params: F.accountIn,
    body: z.strictObject({ state: F.account.shape.state, reason: F.reason.min(1) }),
    answer: F.account,
    run: async ({ central }, request) => {
      const account = accountOf(central, request.params.account)
      needScope(request, 'accounts')
      const identity = needManager(request, account)
      const { state, reason } = request.body
      return central.change(identity.account, (context) =>
        setAccountState(context, account.id, state, reason),
      )
    },
  }),
]
