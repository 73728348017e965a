import { getValidators } from '@banyan/sdk'
import { openClient } from '../chain.js'
import type { Context } from '../command-spec.js'
import { shownAddress } from '../names.js'
import { table } from '../table.js'

/** The committee of the current epoch. */
export async function run(context: Context): Promise<undefined> {
  const { output, signal } = context
  const found = await getValidators(await openClient(context), { signal })
  const rows = found.validators.map(({ address, weight }, i) => [
    String(i),
    shownAddress(address),
    String(weight),
  ])
  output.result(found, [`Epoch ${found.epoch}`, ...table(['index', 'address', 'weight'], rows, output.paint)])
}
