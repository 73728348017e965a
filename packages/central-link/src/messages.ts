import { fail } from '@banyan/base'
import { z } from 'zod'
import {
  accountIdForm,
  dserviceNameForm,
  dserviceVersionForm,
  keyForm,
  keyIdForm,
  onceForm,
  scopeForm,
  tierForm,
  walletForm,
} from './names.js'

/** Messages of the link between central and a region: one JSON object each, in docs/formats.md, "Link of central and regions". */

export const linkProtocol = 1
/** Most characters of a message. */
export const maxMessageLength = 65_536
/** Most credentials in one list. */
export const maxListed = 512

const idForm = z.int().min(1).max(Number.MAX_SAFE_INTEGER)
const sequenceForm = z.int().min(0).max(Number.MAX_SAFE_INTEGER)
const timeForm = z.int().min(0).max(Number.MAX_SAFE_INTEGER)
const countForm = z.int().min(0).max(1_000_000_000)
const nonceForm = z.string().regex(/^[0-9a-f]{64}$/)
const addressForm = z.string().max(64)
const shareForm = z.int().min(0).max(10_000).meta({ description: 'Ten-thousandths' })
/** Millionths of a currency. */
export const amountForm = z.string().regex(/^(0|[1-9]\d{0,14})$/)

const charityForm = z.strictObject({ wallet: walletForm, share: shareForm })

/** Prices of a DService and how they are divided. The operator has what contributor and developer leave. */
export const dserviceTermsForm = z.strictObject({
  /** ISO 4217. */
  currency: z.string().regex(/^[A-Z]{3}$/),
  prices: z
    .array(
      z.strictObject({
        tier: tierForm,
        perRequest: amountForm,
        perCpuHour: amountForm,
        perGpuHour: amountForm,
        /** Of 10^9 bytes, in either direction. */
        perGigabyte: amountForm,
      }),
    )
    .min(1)
    .max(4),
  contributor: shareForm,
  developer: shareForm,
  charities: z.strictObject({
    contributor: charityForm.optional(),
    developer: charityForm.optional(),
    operator: charityForm.optional(),
  }),
})

export type DServiceTerms = z.output<typeof dserviceTermsForm>

const dayForm = z.iso.date()

/** How the work of an enterprise is paid. */
export const dealForm = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('use'), cap: amountForm.optional() }),
  z.strictObject({ kind: z.literal('subsidised'), cap: amountForm }),
  z.strictObject({ kind: z.literal('free') }),
  /** The same price each month to one region, beginning on a day. */
  z.strictObject({
    kind: z.literal('subscription'),
    region: z.string().regex(/^[\w.-]{1,64}$/),
    perMonth: amountForm,
    since: dayForm,
  }),
])

export type DealTerms = z.output<typeof dealForm>

/** What a region asks central. `address` is that of the client or miner, for the bounds on guessing. */
export const queryForm = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('key'), key: keyForm, address: addressForm }),
  z.strictObject({
    kind: z.literal('join'),
    region: accountIdForm,
    regionKey: keyForm,
    miner: accountIdForm,
    minerKey: keyForm,
    address: addressForm,
  }),
  z.strictObject({ kind: z.literal('redeem'), token: onceForm, address: addressForm }),
  z.strictObject({ kind: z.literal('service'), name: dserviceNameForm, address: addressForm }),
  /** Subscriptions of the region, of accounts that follow `after`. */
  z.strictObject({
    kind: z.literal('subscriptions'),
    after: accountIdForm.or(z.literal('')),
    address: addressForm,
  }),
])

export type Query = z.output<typeof queryForm>

/**
 * What an API key is good for. `parent`: the enterprise that an end user belongs to, and that pays; `wallet` and `deal` are those of whoever pays.
 */
export const keyVerdictForm = z.strictObject({
  kind: z.literal('key'),
  account: accountIdForm,
  parent: accountIdForm.optional(),
  key: keyIdForm,
  scopes: z.array(scopeForm).max(10),
  /** Trust tiers that may do the work. */
  tiers: z.array(tierForm).max(4),
  wallet: walletForm.optional(),
  deal: dealForm.optional(),
  /** ms since the Unix epoch; missing: until it is revoked. */
  expires: timeForm.optional(),
})

export const minerVerdictForm = z.strictObject({
  kind: z.literal('join'),
  miner: accountIdForm,
  key: keyIdForm,
  tier: tierForm,
  /** Whether its operator is known by name: 4A and not 4B. */
  identified: z.boolean(),
  wallet: walletForm.optional(),
})

/** A miner's first key, shown this once. */
export const redeemedForm = z.strictObject({ kind: z.literal('redeem'), miner: accountIdForm, key: keyForm })

/** What a region must know of a DService to charge for it and to choose between its versions. */
export const serviceAnswerForm = z.strictObject({
  kind: z.literal('service'),
  name: dserviceNameForm,
  terms: dserviceTermsForm.optional(),
  /** Of its developer. */
  wallet: walletForm.optional(),
  stable: dserviceVersionForm.optional(),
  canary: z.strictObject({ version: dserviceVersionForm, share: shareForm }).optional(),
})

/** Who pays the region by the month, in the order of accounts; empty after the last. */
export const subscriptionsAnswerForm = z.strictObject({
  kind: z.literal('subscriptions'),
  subscriptions: z
    .array(
      z.strictObject({ account: accountIdForm, wallet: walletForm, perMonth: amountForm, since: dayForm }),
    )
    .max(maxListed),
})

export const answerForm = z.discriminatedUnion('kind', [
  keyVerdictForm,
  minerVerdictForm,
  redeemedForm,
  serviceAnswerForm,
  subscriptionsAnswerForm,
])

export type KeyVerdict = z.output<typeof keyVerdictForm>
export type MinerVerdict = z.output<typeof minerVerdictForm>
export type Redeemed = z.output<typeof redeemedForm>
export type ServiceAnswer = z.output<typeof serviceAnswerForm>
export type SubscriptionsAnswer = z.output<typeof subscriptionsAnswerForm>
export type LinkAnswer = z.output<typeof answerForm>

/** `refused` says nothing about why. `writer`: only the replica that writes can do it. */
export const refusals = ['refused', 'attempts', 'busy', 'writer'] as const
export type Refusal = (typeof refusals)[number]

/** How a region does: the base of the choice of regions. */
export const statusForm = z.strictObject({
  healthy: z.boolean(),
  /** Work that waits in all queues. */
  queued: countForm,
  /** For each DService and tier: requests that can be worked on at the same time, and those that are there. */
  services: z
    .array(
      z.strictObject({
        name: dserviceNameForm,
        tier: tierForm,
        capacity: countForm,
        demand: countForm,
      }),
    )
    .max(maxListed),
})

export type RegionStatus = z.output<typeof statusForm>

export const centralMessageForm = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('hello'),
    protocol: z.int().min(0),
    region: accountIdForm,
    nonce: nonceForm,
  }),
  z.strictObject({ type: z.literal('prove'), signature: z.string().regex(/^[0-9a-f]{128}$/) }),
  z.strictObject({ type: z.literal('welcome'), sequence: sequenceForm, writer: z.boolean() }),
  z.strictObject({ type: z.literal('answer'), id: idForm, sequence: sequenceForm, answer: answerForm }),
  z.strictObject({ type: z.literal('refuse'), id: idForm, reason: z.enum(refusals) }),
  z.strictObject({
    type: z.literal('revoked'),
    sequence: sequenceForm,
    accounts: z.array(accountIdForm).max(maxListed),
    keys: z.array(keyIdForm).max(maxListed),
  }),
  z.strictObject({ type: z.literal('reset'), sequence: sequenceForm }),
  z.strictObject({ type: z.literal('writer'), writer: z.boolean() }),
  z.strictObject({ type: z.literal('ping') }),
])

export const regionMessageForm = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('challenge'), nonce: nonceForm }),
  z.strictObject({
    type: z.literal('login'),
    region: accountIdForm,
    key: keyForm,
    /** Sequence of the last revocation that the region knows; missing: none. */
    seen: sequenceForm.optional(),
  }),
  z.strictObject({ type: z.literal('ask'), id: idForm, query: queryForm }),
  z.strictObject({ type: z.literal('report'), status: statusForm }),
  z.strictObject({ type: z.literal('pong') }),
])

export type CentralMessage = z.output<typeof centralMessageForm>
export type RegionMessage = z.output<typeof regionMessageForm>

export function encodeMessage(message: CentralMessage | RegionMessage): string {
  return JSON.stringify(message)
}

/** Error: LinkMalformed. */
export function decodeCentralMessage(text: string): CentralMessage {
  return decode(centralMessageForm, text)
}

/** Error: LinkMalformed. */
export function decodeRegionMessage(text: string): RegionMessage {
  return decode(regionMessageForm, text)
}

function decode<Form extends z.ZodType>(form: Form, text: string): z.output<Form> {
  if (text.length > maxMessageLength) fail('LinkMalformed', { reason: 'it is too long' })
  const parsed = form.safeParse(parseJson(text))
  if (parsed.success) return parsed.data
  // Only the place: values may be credentials.
  return fail('LinkMalformed', { reason: parsed.error.issues[0]!.path.map(String).join('.') || 'its type' })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return fail('LinkMalformed', { reason: 'it is not JSON' })
  }
}
