import { fail, toHex } from '@banyan/base'
import type { DServiceTerms } from '@banyan/central-link'
import { checkSignature, type Release, readRelease, verifyRelease } from '@banyan/dservice'
import type { CentralEvent } from '../events.js'
import type { Comparator, DService, DServiceVersion, Signature, VersionState } from '../records.js'
import { limits } from '../rules/kinds.js'
import { accountOf, type Change, type Context } from './change.js'

export type Submission = {
  /** Signed by its developer; any other signature is dropped. */
  readonly release: Release
  readonly comparator: Comparator
  readonly estimator: boolean
  readonly verifier: boolean
}

/** Ten-thousandths: the whole. */
export const shareUnit = 10_000

/** Error: DServiceUnknown. */
export function dserviceOf({ state }: Pick<Context, 'state'>, name: string): DService {
  return state.dservices.get(name) ?? fail('DServiceUnknown', { name })
}

function versionOf(dservice: DService, version: string): DServiceVersion {
  return dservice.versions.get(version) ?? fail('DServiceUnknown', { name: `${dservice.name}@${version}` })
}

/**
 * Submits a version that its developer signed. The first submission takes the name; a version names one package forever. Errors: CentralAccountUnknown,
 * DServiceInvalid, CentralBusy, ReleaseMalformed, SignatureMissing, SignatureWrong.
 */
export function submitVersion(
  context: Context,
  developer: string,
  { release: signed, comparator, estimator, verifier }: Submission,
): Change<DServiceVersion> {
  const { state, crypto, now } = context
  const { authority: _, ...release } = readRelease(signed)
  const { name, version } = release
  const known = state.dservices.get(name)
  if (known === undefined && state.dservices.size >= limits.dservices)
    fail('CentralBusy', { what: 'DServices' })
  if ((known?.versions.size ?? 0) >= limits.versions)
    fail('CentralBusy', { what: 'versions of the DService' })
  if (known !== undefined && known.developer !== developer)
    fail('DServiceInvalid', { reason: 'the name belongs to another developer' })
  if (known?.versions.has(version)) fail('DServiceInvalid', { reason: 'this version exists' })
  if (comparator === 'verifier' && !verifier)
    fail('DServiceInvalid', { reason: 'its answers are compared by a verifier that it does not have' })
  const key = toHex(checkSignature(crypto, release, 'developer'))
  if (accountOf(context, developer).developerKey !== key)
    fail('DServiceInvalid', { reason: 'it is signed by another key than the developer’s' })
  const submitted: DServiceVersion = {
    release,
    comparator,
    estimator,
    verifier,
    state: 'submitted',
    submitted: now,
  }
  return { events: [{ type: 'versionSubmitted', name, developer, version: submitted }], result: submitted }
}

const stateBefore: Readonly<Record<VersionState, readonly VersionState[]>> = {
  submitted: [],
  certified: ['submitted'],
  published: ['certified'],
  withdrawn: ['submitted', 'certified', 'published'],
}

function checkStep(name: string, { release, state }: DServiceVersion, wanted: VersionState): void {
  if (!stateBefore[wanted].includes(state))
    fail('DServiceStateWrong', { version: `${name}@${release.version}`, state, wanted })
}

/** Certifies a submitted version by the signature of an authority. Errors: DServiceUnknown, DServiceStateWrong, SignatureWrong, AuthorityUnknown. */
export function certifyVersion(
  context: Context,
  name: string,
  version: string,
  authority: Signature,
): Change<DServiceVersion> {
  const found = versionOf(dserviceOf(context, name), version)
  checkStep(name, found, 'certified')
  const release = { ...found.release, authority }
  verifyRelease(context.crypto, release, context.authorities)
  return {
    events: [{ type: 'versionStateSet', name, version, state: 'certified', authority }],
    result: { ...found, release, state: 'certified' },
  }
}

/** Prices and shares of a DService, from now on. Errors: DServiceUnknown, DServiceInvalid. */
export function setTerms(context: Context, name: string, terms: DServiceTerms): Change<DServiceTerms> {
  dserviceOf(context, name)
  const { contributor, developer, prices } = terms
  if (contributor + developer >= shareUnit)
    fail('DServiceInvalid', { reason: 'nothing is left for the operator' })
  if (new Set(prices.map(({ tier }) => tier)).size < prices.length)
    fail('DServiceInvalid', { reason: 'a trust tier has two prices' })
  return { events: [{ type: 'termsSet', name, terms }], result: terms }
}

/**
 * Publishes a certified version. The first one gets all requests; later ones get some by `startCanary`. Errors: DServiceUnknown,
 * DServiceStateWrong, DServiceInvalid.
 */
export function publishVersion(context: Context, name: string, version: string): Change<DService> {
  const dservice = dserviceOf(context, name)
  checkStep(name, versionOf(dservice, version), 'published')
  if (dservice.terms === undefined) fail('DServiceInvalid', { reason: 'it has no prices and shares yet' })
  const published: CentralEvent = { type: 'versionStateSet', name, version, state: 'published' }
  if (dservice.stable !== undefined) return { events: [published], result: dservice }
  return rollOut({ ...dservice, stable: version }, [published])
}

/** Gives a share of the requests, in ten-thousandths, to a published version. Errors: DServiceUnknown, DServiceStateWrong, DServiceInvalid. */
export function startCanary(
  context: Context,
  name: string,
  version: string,
  share: number,
): Change<DService> {
  const dservice = dserviceOf(context, name)
  const { state } = versionOf(dservice, version)
  if (state !== 'published')
    fail('DServiceStateWrong', { version: `${name}@${version}`, state, wanted: 'rolled out' })
  if (version === dservice.stable)
    fail('DServiceInvalid', { reason: 'this version is the stable one already' })
  return rollOut({ ...dservice, canary: { version, share } }, [])
}

/** Makes the canary the stable version. Errors: DServiceUnknown, DServiceInvalid. */
export function promoteCanary(context: Context, name: string): Change<DService> {
  const dservice = dserviceOf(context, name)
  const { canary, stable, earlier } = dservice
  if (canary === undefined) return fail('DServiceInvalid', { reason: 'no version is tried out' })
  const kept = stable === undefined ? earlier : [...earlier, stable].slice(-limits.earlierVersions)
  return rollOut({ ...dservice, stable: canary.version, earlier: kept, canary: undefined }, [])
}

/** Ends the trial of a version; where none is tried out, goes back to the stable version before. Errors: DServiceUnknown, DServiceInvalid. */
export function rollBack(context: Context, name: string): Change<DService> {
  const dservice = dserviceOf(context, name)
  if (dservice.canary !== undefined) return rollOut({ ...dservice, canary: undefined }, [])
  const stable = dservice.earlier.at(-1)
  if (stable === undefined) return fail('DServiceInvalid', { reason: 'there is no earlier version' })
  return rollOut({ ...dservice, stable, earlier: dservice.earlier.slice(0, -1) }, [])
}

/** Takes a version back for good; requests go to the stable version before it. Errors: DServiceUnknown, DServiceStateWrong. */
export function withdrawVersion(context: Context, name: string, version: string): Change<DService> {
  const dservice = dserviceOf(context, name)
  checkStep(name, versionOf(dservice, version), 'withdrawn')
  const earlier = dservice.earlier.filter((other) => other !== version)
  const isStable = dservice.stable === version
  const rest = {
    ...dservice,
    stable: isStable ? earlier.at(-1) : dservice.stable,
    earlier: isStable ? earlier.slice(0, -1) : earlier,
    canary: dservice.canary?.version === version ? undefined : dservice.canary,
  }
  return rollOut(rest, [{ type: 'versionStateSet', name, version, state: 'withdrawn' }])
}

function rollOut(dservice: DService, before: readonly CentralEvent[]): Change<DService> {
  const { name, stable, earlier, canary } = dservice
  return { events: [...before, { type: 'rolloutSet', name, stable, earlier, canary }], result: dservice }
}

/** The version that a request gets; `draw` is a random number from 0 to 9,999. `undefined` if none is published. */
export function chooseVersion(
  { stable, canary }: Pick<DService, 'stable' | 'canary'>,
  draw: number,
): string | undefined {
  return canary !== undefined && draw < canary.share ? canary.version : stable
}
