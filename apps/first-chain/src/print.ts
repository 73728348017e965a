import { formatAmount, toHex } from '@banyan/base'
import { type ExecutedBlock, readReceipt } from '@banyan/ledger'

const isTerminal = process.stdout.isTTY === true
const styled = (code: number, text: string): string => (isTerminal ? `\u001b[${code}m${text}\u001b[0m` : text)

export function title(text: string): void {
  console.log(`\n${styled(1, text)}`)
}

export function line(text: string): void {
  console.log(`  ${text}`)
}

export function note(text: string): void {
  console.log(`  ${styled(2, text)}`)
}

export function short(hash: Uint8Array): string {
  return `${toHex(hash.subarray(0, 8))}…`
}

export function figs(pip: bigint): string {
  return `${formatAmount(pip)} FIG`
}

/** What a block did, once it is durable. `milliseconds` is the time from its execution on. */
export function blockDone(
  block: ExecutedBlock,
  milliseconds: { readonly executed: number; readonly durable: number },
): void {
  for (let i = 0; i < block.header.transactionCount; i++) {
    const { status, error, baseFee, tip, gasUsed } = readReceipt(block.receipts, i)
    const outcome = error === undefined ? status : `${status} (${error})`
    line(`receipt     ${outcome}, ${gasUsed} gas, fee ${figs(baseFee + tip)}`)
  }
  line(`block       ${block.header.height}, id ${short(block.id)}`)
  line(`state root  ${short(block.stateRoot)}`)
  line(
    `executed    in ${milliseconds.executed.toFixed(2)} ms; ${milliseconds.durable.toFixed(2)} ms later on disk, which makes it final`,
  )
}
