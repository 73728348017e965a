import { dserviceTermsForm, dserviceVersionForm } from '@banyan/central-link'
import { z } from 'zod'
import type { Change, Context } from '../../change/change.js'
import {
  certifyVersion,
  dserviceOf,
  promoteCanary,
  publishVersion,
  rollBack,
  setTerms,
  startCanary,
  submitVersion,
  withdrawVersion,
} from '../../change/dservices.js'
import type { Identity } from '../../check/credentials.js'
import type { DService } from '../../records.js'
import * as F from './forms.js'
import { identityOf, needScope } from './permission.js'
import { type Route, route, type Scope } from './route.js'

/** The developer of a DService rolls its versions out and back, and so does who runs the registry. Error: ScopeRefused. */
function needKeeper(
  scope: Scope,
  request: { readonly identity: Identity | undefined },
  name: string,
): Identity {
  const identity = identityOf(request)
  const isOwn = dserviceOf(scope.central, name).developer === identity.account
  return isOwn && identity.scopes.includes('develop') ? identity : needScope(request, 'registry')
}

async function changed(
  { central }: Scope,
  { account }: Identity,
  name: string,
  decide: (context: Context) => Change<unknown>,
) {
  await central.change(account, decide)
  return dserviceJson(dserviceOf(central, name))
}

function dserviceJson(dservice: DService) {
  return { ...dservice, versions: [...dservice.versions.values()] }
}

const listLimit = 1_000

export const registryRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/dservices',
    id: 'listDServices',
    summary: 'DServices in the order in which their names were taken.',
    query: z.object({ offset: F.numberIn(1_000_000).optional(), limit: F.numberIn(listLimit).optional() }),
    answer: z.array(F.dservice),
    run: async ({ central }, { query: { offset = 0, limit = 100 } }) =>
      [...central.state.dservices.values()].slice(offset, offset + limit).map(dserviceJson),
  }),
  route({
    method: 'get',
    path: '/v1/dservices/{name}',
    id: 'getDService',
    summary: 'One DService with its versions.',
    params: F.dserviceIn,
    answer: F.dservice,
    run: async ({ central }, { params }) => dserviceJson(dserviceOf(central, params.name)),
  }),
  route({
    method: 'post',
    path: '/v1/dservices',
    id: 'submitVersion',
    summary: 'Submits a version, in the name of one’s own developer account.',
    body: F.submission,
    answer: F.dservice,
    run: async (scope, request) => {
      const identity = needScope(request, 'develop')
      return changed(scope, identity, request.body.release.name, (context) =>
        submitVersion(context, identity.account, request.body),
      )
    },
  }),
  route({
    method: 'post',
    path: '/v1/dservices/{name}/versions/{version}/certify',
    id: 'certifyVersion',
    summary: 'Certifies a version by the signature of an authority.',
    params: F.versionIn,
    body: F.authority,
    answer: F.dservice,
    run: async (scope, request) => {
      const { name, version } = request.params
      return changed(scope, needScope(request, 'registry'), name, (context) =>
        certifyVersion(context, name, version, request.body),
      )
    },
  }),
  route({
    method: 'post',
    path: '/v1/dservices/{name}/versions/{version}/publish',
    id: 'publishVersion',
    summary: 'Publishes a certified version. The first one gets all requests.',
    params: F.versionIn,
    answer: F.dservice,
    run: async (scope, request) => {
      const { name, version } = request.params
      return changed(scope, needScope(request, 'registry'), name, (context) =>
        publishVersion(context, name, version),
      )
    },
  }),
  route({
    method: 'post',
    path: '/v1/dservices/{name}/versions/{version}/withdraw',
    id: 'withdrawVersion',
    summary: 'Takes a version back for good.',
    params: F.versionIn,
    answer: F.dservice,
    run: async (scope, request) => {
      const { name, version } = request.params
      return changed(scope, needKeeper(scope, request, name), name, (context) =>
        withdrawVersion(context, name, version),
      )
    },
  }),
  route({
    method: 'post',
    path: '/v1/dservices/{name}/terms',
    id: 'setTerms',
    summary: 'Sets prices and shares, from now on.',
    params: F.dserviceIn,
    body: dserviceTermsForm,
    answer: F.dservice,
    run: async (scope, request) => {
      const { name } = request.params
      return changed(scope, needScope(request, 'registry'), name, (context) =>
        setTerms(context, name, request.body),
      )
    },
  }),
  route({
    method: 'post',
    path: '/v1/dservices/{name}/canary',
    id: 'startCanary',
    summary: 'Gives a published version a share of the requests.',
    params: F.dserviceIn,
    body: z.strictObject({ version: dserviceVersionForm, share: F.share }),
    answer: F.dservice,
    run: async (scope, request) => {
      const { name } = request.params
      const { version, share } = request.body
      return changed(scope, needKeeper(scope, request, name), name, (context) =>
        startCanary(context, name, version, share),
      )
    },
  }),
  route({
    method: 'post',
    path: '/v1/dservices/{name}/promote',
    id: 'promoteCanary',
    summary: 'Makes the version that is tried out the stable one.',
    params: F.dserviceIn,
    answer: F.dservice,
    run: async (scope, request) => {
      const { name } = request.params
      return changed(scope, needKeeper(scope, request, name), name, (context) => promoteCanary(context, name))
    },
  }),
  route({
    method: 'post',
    path: '/v1/dservices/{name}/rollback',
    id: 'rollBack',
    summary: 'Ends a trial, or goes back to the stable version before.',
    params: F.dserviceIn,
    answer: F.dservice,
    run: async (scope, request) => {
      const { name } = request.params
      return changed(scope, needKeeper(scope, request, name), name, (context) => rollBack(context, name))
    },
  }),
]
