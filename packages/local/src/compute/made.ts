import { join } from 'node:path'
import { z } from 'zod'
import { readJsonIfAny } from '../folder/json-file.js'
import type { Layout } from '../folder/layout.js'

const keyedForm = z.strictObject({ account: z.string(), key: z.string() })

/** Accounts at central with one key each, of the least scopes that do. In a file that only its owner reads. */
export const madeForm = z.strictObject({
  version: z.literal(1),
  /** Public key of central. */
  central: z.string(),
  enterprise: keyedForm,
  /** By which the region knows itself to central. */
  region: keyedForm,
  /** The same account, for whoever runs the region. */
  operator: keyedForm,
  developer: keyedForm,
  miners: z.tuple([keyedForm, keyedForm]),
  /** Name and version of what its miners serve. */
  dservice: z.string(),
})

export type Made = z.output<typeof madeForm>

/** Where everything of computing is, below the folder of the network. */
export type ComputePaths = {
  readonly central: string
  readonly adminKey: string
  readonly region: string
  readonly registry: string
  /** Written last: without it nothing was made. */
  readonly made: string
  readonly credentials: string
  readonly tokens: readonly [string, string]
  readonly settlement: string
  readonly payoutKey: string
  readonly operatorKey: string
}

export function computePaths({ compute }: Layout): ComputePaths {
  return {
    central: join(compute, 'central'),
    adminKey: join(compute, 'central', 'admin-key'),
    region: join(compute, 'region'),
    registry: join(compute, 'registry'),
    made: join(compute, 'accounts.json'),
    credentials: join(compute, 'region-credentials.json'),
    tokens: [join(compute, 'miner-1.token'), join(compute, 'miner-2.token')],
    settlement: join(compute, 'settlement.json'),
    payoutKey: join(compute, 'payout.key'),
    operatorKey: join(compute, 'operator.key'),
  }
}

export function readMade(layout: Layout): Promise<Made | undefined> {
  return readJsonIfAny(computePaths(layout).made, madeForm)
}
