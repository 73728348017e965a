import { readFile, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { fail, fromHex, type Hex } from '@banyan/base'
import { amountForm, walletForm } from '@banyan/central-link'
import { requireOwnerAlone } from '@banyan/program'
import { z } from 'zod'

/** How charges are settled: the file that the option `settlement` names. Amounts are decimal text. */
const form = z.strictObject({
  /** HTTP address of a node of the chain. */
  rpc: z.url({ protocol: /^https?$/ }),
  /** Pays the fees of settlement; without it they are missing from the payout account. */
  sponsor: z.url({ protocol: /^https?$/ }).optional(),
  /** Files with 32 bytes as 0x and 64 digits, readable by their owner alone. */
  payoutKey: z.string().min(1),
  operatorKey: z.string().min(1),
  /** Wallet that pays subsidies. */
  house: walletForm,
  /** ISO 4217, of all prices. */
  currency: z.string().regex(/^[A-Z]{3}$/),
  /** Price of one FIG in micro-units. */
  microPerFig: amountForm,
  /** pip; smaller payouts wait for the next period. */
  leastPayout: z
    .string()
    .regex(/^\d{1,30}$/)
    .default('0'),
  /** 0 is FIG. */
  asset: z.int().min(0).default(0),
  schedule: z.enum(['daily', 'hourly', 'never']).default('daily'),
})

export type SettlementSettings = Omit<z.output<typeof form>, 'payoutKey' | 'operatorKey'> & {
  /** Seeds, 32 bytes each. */
  readonly payoutKey: Uint8Array
  readonly operatorKey: Uint8Array
}

/** Reads the file and the keys beside it. Errors: FileUnreadable, FileInvalid, KeyFileExposed. */
export async function readSettlementFile(path: string): Promise<SettlementSettings> {
  let value: unknown
  try {
    value = JSON.parse(await readText(path))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return fail('FileInvalid', { path, reason: 'it is not JSON' })
  }
  const parsed = form.safeParse(value)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    return fail('FileInvalid', { path, reason: `${issue.path.join('.')}: ${issue.message}` })
  }
  const keyOf = (file: string): Promise<Uint8Array> => readKey(resolve(dirname(path), file))
  return {
    ...parsed.data,
    payoutKey: await keyOf(parsed.data.payoutKey),
    operatorKey: await keyOf(parsed.data.operatorKey),
  }
}

async function readKey(path: string): Promise<Uint8Array> {
  const text = await readText(path)
  requireOwnerAlone(path, (await stat(path)).mode)
  const key = fromHex(text.trim() as Hex)
  return key?.length === 32 ? key : fail('FileInvalid', { path, reason: 'it is no key of 32 bytes' })
}

function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: Error) =>
    fail('FileUnreadable', { path, reason: error.message }, error),
  )
}
