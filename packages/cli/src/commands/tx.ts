import { fail, type Hex } from '@banyan/base'
import { getTransaction } from '@banyan/sdk'
import { figAsset, openClient, shownAmount } from '../chain.js'
import type { Context } from '../command-spec.js'

/** A transaction, wherever it is on its way. */
export async function run(context: Context): Promise<undefined> {
  const { output, signal } = context
  const { id: text = '' } = context.arguments
  if (!/^0x[0-9a-fA-F]{64}$/.test(text))
    fail('UsageWrong', { command: 'banyan tx', reason: `"${text}" is not an id, which is 0x and 64 digits` })
  const {
    certificate: _,
    error,
    ...transaction
  } = await getTransaction(await openClient(context), { id: text as Hex, signal })
  const { state, from, to, block, outcome } = transaction
  const { paint } = output
  const shownState =
    state === 'final' ? paint.good(state) : state === 'failed' ? paint.bad(state) : paint.wait(state)
  output.result({ ...transaction, error: error?.kind ?? null }, [
    `${paint.bold(text)}  ${shownState}`,
    `  from   ${from}`,
    `  to     ${to ?? 'many'}`,
    ...(block === null ? [] : [`  block  ${block.height}`]),
    ...(outcome === null ? [] : [`  fee    ${shownAmount(outcome.fee, figAsset)}, ${outcome.gasUsed} gas`]),
    ...(error === null ? [] : [`  error  ${error.message}`]),
  ])
}
