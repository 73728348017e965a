import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { parseAmount } from '@banyan/base'
import { native as provider } from '@banyan/crypto/native'
import { type Client, ed25519Account } from '@banyan/sdk'
import { createSponsorHandler, openSponsor, type SponsorPolicy } from '@banyan/sponsor'
import { toListener } from '@banyan/sponsor/node'
import { openNodeDisk } from '@banyan/storage/node'
import type { Layout } from './folder/layout.js'
import type { Person } from './people.js'

/** What the provider of an application does for its users, to be tried out: it pays any of their fees, within a budget. */
export type LocalSponsor = {
  /** What it pays, as pages show it; amounts in pip. */
  readonly policy: object
  /** Answers requests at and below /sponsor. */
  readonly answer: (request: IncomingMessage, response: ServerResponse, isOwnPage: boolean) => Promise<void>
  readonly close: () => Promise<void>
}

const minute = 60_000
const policy: SponsorPolicy = {
  budgetPerMonth: parseAmount('100'),
  maxFee: parseAmount('1'),
  rate: { count: 60, windowMs: minute },
  allowed: [{}],
}

/** Errors: those of `openNodeDisk` and `openSponsor`. */
export async function openLocalSponsor(
  client: Client,
  { network }: Layout,
  { secret }: Person,
): Promise<LocalSponsor> {
  const account = ed25519Account(secret)
  const disk = await openNodeDisk(join(network, 'sponsor'))
  const sponsor = await openSponsor({ client, account, policy, disk, provider })
  // Its users are at the console or at pages that are being written; who may ask at all, the origin has checked.
  const options = { origins: ['*'], onFailure: () => undefined }
  const forAll = toListener(createSponsorHandler(sponsor, options))
  const forOwn = toListener(createSponsorHandler(sponsor, { ...options, mayReadStatements: () => true }))
  const { budgetPerMonth, maxFee, rate } = policy
  return {
    policy: {
      sponsor: account.address,
      budgetPerMonth: String(budgetPerMonth),
      maxFee: String(maxFee),
      rate,
    },
    answer: (request, response, isOwnPage) => (isOwnPage ? forOwn : forAll)(request, response),
    close: async () => {
      await sponsor.close()
      await disk.close()
    },
  }
}
