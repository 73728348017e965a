import { formatAmount } from '@banyan/base'
import { native } from '@banyan/crypto/native'
import PDFDocument from 'pdfkit'
import { type Statement, type StatementLine, statementLines } from '../statement/statement.js'

/** Decimals of micro-units. */
const microDecimals = 6
const columns = [
  { title: 'Time (UTC)', x: 40 },
  { title: 'Charge', x: 132 },
  { title: 'Service', x: 330 },
  { title: 'Tier', x: 440 },
  { title: 'Amount', x: 500 },
] as const
const bottom = 780

/** Latin-1 is what the fonts of every reader have. */
function plain(text: string): string {
  return text.replace(/[^\x20-\x7e\xa0-\xff]/g, '?')
}

type Document = InstanceType<typeof PDFDocument>

function row(document: Document, y: number, texts: readonly string[]): void {
  for (const [i, text] of texts.entries()) document.text(plain(text), columns[i]!.x, y, { lineBreak: false })
}

function heads(document: Document): number {
  document.font('Helvetica-Bold').fontSize(8)
  row(
    document,
    40,
    columns.map(({ title }) => title),
  )
  document.font('Helvetica')
  return 56
}

function summary(document: Document, { region, account, month, parts }: Statement): void {
  document.font('Helvetica-Bold').fontSize(18).text(`Statement ${month}`, 40, 40)
  document.font('Helvetica').fontSize(9)
  document
    .text(plain(`Region ${region}`))
    .text(`Account ${account}`)
    .moveDown()
  for (const { period, direction, total, carried, count, transfer, anchor } of parts) {
    const way = direction === 'in' ? 'paid' : 'received'
    const outcome = transfer === undefined ? 'open' : `block ${transfer.height}`
    document.text(`${period}: ${way} ${formatAmount(total + carried)} FIG for ${count} charges, ${outcome}`)
    document.fontSize(7).text(`anchor ${anchor}`)
    if (transfer !== undefined) document.text(`transaction ${transfer.id}`)
    document.fontSize(9)
  }
}

function textsOf({ at, id, dservice, tier, micro, currency, direction }: StatementLine): readonly string[] {
  const sign = direction === 'in' ? '-' : '+'
  const time = new Date(at).toISOString().slice(0, 19).replace('T', ' ')
  return [
    time,
    id,
    dservice.slice(0, 24),
    tier.slice(0, 12),
    `${sign}${formatAmount(micro, microDecimals)} ${currency}`,
  ]
}

/** A statement as PDF: sums and transfers first, then one line for each charge. The file of the statement itself is what can be checked. */
export function statementPdf(statement: Statement): Promise<Uint8Array> {
  const document = new PDFDocument({
    size: 'A4',
    margin: 40,
    info: { Title: `Statement ${statement.month}` },
  })
  const parts: Uint8Array[] = []
  document.on('data', (part: Uint8Array) => parts.push(part))
  const done = new Promise<Uint8Array>((resolve, reject) => {
    document.on('end', () => resolve(new Uint8Array(Buffer.concat(parts))))
    document.on('error', reject)
  })
  summary(document, statement)
  let y = bottom
  for (const line of statementLines(statement, native.keccak256)) {
    if (y >= bottom) {
      document.addPage()
      y = heads(document)
    }
    document.fontSize(7)
    row(document, y, textsOf(line))
    y += 11
  }
  document.end()
  return done
}
