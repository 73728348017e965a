import {
  accountIdForm,
  accountKinds,
  dealForm,
  dserviceNameForm,
  dserviceTermsForm,
  dserviceVersionForm,
  keyIdForm,
  scopeForm,
  tierForm,
  walletForm,
} from '@banyan/central-link'
import { z } from 'zod'

/** How values look in the API: bytes and amounts as text, times as ms since the Unix epoch. */

export const done = z.object({}).meta({ description: 'It is done and durable' })
export const name = z.string().min(1).max(100)
export const reason = z.string().max(500)
export const time = z.int().min(0).max(Number.MAX_SAFE_INTEGER)
export const share = z.int().min(0).max(10_000).meta({ description: 'Ten-thousandths' })
export const hexBytes = (length: number) => z.string().regex(new RegExp(`^0x[0-9a-f]{${2 * length}}$`))
const country = z.string().regex(/^[A-Z]{2}$/)
const zone = z.string().regex(/^[A-Z][A-Z0-9-]{0,15}$/)
const tierList = z.array(tierForm).min(1).max(4)
export const kind = z.enum(Object.keys(accountKinds) as (keyof typeof accountKinds)[])
export const contact = z.email().max(200)
export const password = z.string().max(256)
/** A number in a query. */
export const numberIn = (most: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .refine((value) => value <= most, `at most ${most}`)

export const accountIn = z.object({ account: accountIdForm })
export const keyIn = z.object({ key: keyIdForm })
export const dserviceIn = z.object({ name: dserviceNameForm })
export const versionIn = z.object({ name: dserviceNameForm, version: dserviceVersionForm })

const terms = z.object({ version: z.string().min(1).max(40), at: time })

export const account = z.object({
  id: accountIdForm,
  kind,
  name,
  contact: contact.optional(),
  parent: accountIdForm.optional(),
  scopes: z.array(scopeForm),
  tier: tierForm.optional(),
  identified: z.boolean(),
  tiers: z.array(tierForm),
  wallet: walletForm.optional(),
  deal: dealForm.optional(),
  developerKey: hexBytes(32).optional(),
  terms: terms.optional(),
  state: z.enum(['active', 'suspended', 'banned']),
  reason,
  created: time,
})

export const newAccount = z.strictObject({
  kind,
  name,
  contact: contact.optional(),
  parent: accountIdForm.optional(),
  scopes: z.array(scopeForm).max(10).optional(),
  tier: tierForm.optional(),
  identified: z.boolean().optional(),
  tiers: tierList.optional(),
  wallet: walletForm.optional(),
  deal: dealForm.optional(),
  developerKey: hexBytes(32).optional(),
})

/** What may change of an account; what is missing stays. */
export const accountChanges = z
  .strictObject({
    name,
    scopes: z.array(scopeForm).max(10),
    tier: tierForm,
    identified: z.boolean(),
    tiers: tierList,
    wallet: walletForm,
    deal: dealForm,
    developerKey: hexBytes(32),
  })
  .partial()

export const shownKey = z.object({
  id: keyIdForm,
  key: z.string().meta({ description: 'Shown this once' }),
  expires: time.optional(),
})
export const shownToken = z.object({
  id: keyIdForm,
  token: z.string().meta({ description: 'Shown this once' }),
  expires: time,
})
export const listedKey = z.object({
  id: keyIdForm,
  scopes: z.array(scopeForm),
  created: time,
  expires: time.optional(),
})

const signature = z.strictObject({ publicKey: hexBytes(32), signature: hexBytes(64) })
export const authority = signature

export const submission = z
  .strictObject({
    release: z.strictObject({
      format: z.literal(1),
      name: dserviceNameForm,
      version: dserviceVersionForm,
      content: hexBytes(32),
      bytes: z
        .int()
        .min(1)
        .max(2 ** 40),
      developer: signature,
    }),
    comparator: z.enum(['bytes', 'json', 'verifier', 'none']),
    estimator: z.boolean(),
    verifier: z.boolean(),
  })
  .meta({ description: 'A release that its developer signed' })

export const dservice = z.object({
  name: dserviceNameForm,
  developer: accountIdForm,
  terms: dserviceTermsForm.optional(),
  versions: z.array(
    z.object({
      release: z.object({
        format: z.literal(1),
        name: dserviceNameForm,
        version: dserviceVersionForm,
        content: hexBytes(32),
        bytes: z.int(),
        developer: signature,
        authority: signature.optional(),
      }),
      comparator: z.enum(['bytes', 'json', 'verifier', 'none']),
      estimator: z.boolean(),
      verifier: z.boolean(),
      state: z.enum(['submitted', 'certified', 'published', 'withdrawn']),
      submitted: time,
    }),
  ),
  stable: dserviceVersionForm.optional(),
  earlier: z.array(dserviceVersionForm),
  canary: z.object({ version: dserviceVersionForm, share }).optional(),
})

const place = z.strictObject({
  latitude: z.int().min(-90_000_000).max(90_000_000).meta({ description: 'Millionths of a degree' }),
  longitude: z.int().min(-180_000_000).max(180_000_000).meta({ description: 'Millionths of a degree' }),
})

export const region = z.strictObject({
  account: accountIdForm,
  ...place.shape,
  country,
  zones: z.array(zone).max(20),
  serves: z.array(country).max(250),
  web: z.string().max(300),
  link: z.string().max(300),
  fingerprint: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  priceList: z.string().regex(/^[0-9a-f]{64}$/),
})

const seed = z.string().max(64)
const wanted = z.array(dserviceNameForm).min(1).max(20)
const most = z.int().min(1).max(20)

export const clientWish = z.strictObject({
  place,
  country,
  dservices: wanted,
  tiers: tierList,
  volume: z.int().min(1).max(1_000_000_000).meta({ description: 'Requests at the same time' }),
  dataMayGoTo: z.array(z.union([country, zone])).max(250),
  count: most,
  seed,
})

export const minerOffer = z.strictObject({ place, tier: tierForm, dservices: wanted, count: most, seed })
const chosen = { account: accountIdForm, web: z.string(), distanceKm: z.number() }
export const suitable = z.array(z.object({ ...chosen, capacity: z.int() }))
export const needy = z.array(z.object({ ...chosen, shortage: z.int() }))
