import { utf8 } from '@banyan/base'
import type { Budget } from '@banyan/billing'
import { openLog } from '@banyan/storage'
import { openNodeDisk } from '@banyan/storage/node'

/** Budgets that wallets have set: the newest of each counts. */
export type BudgetLog = {
  /** Resolves when it is durable. `undefined`: no budget. */
  readonly set: (wallet: string, budget: Budget | undefined) => Promise<void>
  readonly close: () => Promise<void>
}

type Line = { readonly wallet: string; readonly perMonth: string | null; readonly alertAt: readonly number[] }

const options = {
  name: 'budgets',
  identity: utf8('banyan/region-budgets'.padEnd(32, '\0')),
  segmentBytes: 2 ** 22,
  maxRecordBytes: 4_096,
} as const

/** Opens the budgets of a folder, and gives each that is set. Errors: FolderLocked, LogDamaged, DiskFull, DiskFailed. */
export async function openBudgetLog(
  folder: string,
  take: (wallet: string, budget: Budget | undefined) => void,
): Promise<BudgetLog> {
  const disk = await openNodeDisk(folder)
  const log = await openLog(disk, options)
  for await (const { payload } of log.readFrom(log.first())) {
    const { wallet, perMonth, alertAt } = JSON.parse(new TextDecoder().decode(payload)) as Line
    take(wallet, perMonth === null ? undefined : { perMonth: BigInt(perMonth), alertAt: alertAt.map(BigInt) })
  }
  return {
    set: async (wallet, budget) => {
      const line: Line = {
        wallet,
        perMonth: budget === undefined ? null : String(budget.perMonth),
        alertAt: budget?.alertAt.map(Number) ?? [],
      }
      await log.append([utf8(JSON.stringify(line))])
      take(wallet, budget)
    },
    close: async () => {
      await log.close()
      await disk.close()
    },
  }
}
