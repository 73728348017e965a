import { readFile, stat } from 'node:fs/promises'
import { fail } from '@banyan/base'
import {
  decodeStatement,
  maxStatementBytes,
  type Receipt,
  type Statement,
  verifyReceipt,
  verifyStatement,
} from '@banyan/billing'
import { native } from '@banyan/crypto/native'
import { getReceipt } from '@banyan/sdk'
import { figAsset, openClient, shownAmount } from '../chain.js'
import type { Context } from '../command-spec.js'

/** A statement or receipt, checked by its rows, sums and anchors. */
export async function run(context: Context): Promise<undefined> {
  const { output } = context
  const { file = '' } = context.arguments
  const document = decodeStatement(await readBounded(file))
  const { paint } = output
  if (document.format === 'banyan-receipt/1') {
    verifyReceipt(document, native.keccak256)
    const { part } = document
    const { transfer } = part
    await requireAnchors(context, transfer === undefined ? [] : [{ ...transfer, anchor: part.anchor }])
    output.result(
      { format: document.format, period: part.period, anchor: part.anchor, transfer: transfer ?? null },
      [
        `${paint.good('valid')}  one charge of ${part.count} in ${part.period}`,
        `  anchor       ${part.anchor}`,
        ...(transfer === undefined ? [] : [`  transaction  ${transfer.id} in block ${transfer.height}`]),
      ],
    )
    return
  }
  const found = verifyStatement(document, native.keccak256)
  await requireAnchors(context, found.transfers)
  const { account, month, region } = document
  output.result({ format: document.format, region, account, month, ...found }, [
    `${paint.good('valid')}  ${month}, region ${region}, ${found.rows} charges`,
    `  account   ${account}`,
    `  paid      ${shownAmount(found.paidIn, figAsset)}`,
    `  received  ${shownAmount(found.paidOut, figAsset)}`,
    `  open      ${shownAmount(found.open, figAsset)}`,
    ...found.transfers.map(({ id, height }) => `  block ${height}  ${id}`),
  ])
}

async function readBounded(file: string): Promise<string> {
  try {
    const { size } = await stat(file)
    if (size > maxStatementBytes) fail('StatementInvalid', { reason: 'it is too long' })
    return await readFile(file, 'utf8')
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === 'ENOENT')
      fail('FileUnreadable', { path: file, reason: 'it does not exist' }, error)
    throw error
  }
}

type Document = Statement | Receipt
type Anchored = { readonly id: Document['account']; readonly anchor: Document['account'] }

/** With --online: the transaction of each transfer succeeded and left its anchor in a memo. Error: StatementInvalid. */
async function requireAnchors(context: Context, transfers: readonly Anchored[]): Promise<void> {
  if (context.options['online'] !== true) return
  const client = await openClient(context)
  for (const { id, anchor } of transfers) {
    const { status, logs } = await getReceipt(client, { id, signal: context.signal })
    if (status !== 'success' || !logs.some(({ topics }) => topics[3] === anchor))
      fail('StatementInvalid', { reason: `transaction ${id} does not carry the anchor ${anchor}` })
  }
}
