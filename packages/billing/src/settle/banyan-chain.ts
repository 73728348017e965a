import { BanyanError, fromHex, type Hex, toHex } from '@banyan/base'
import {
  type Address,
  type Client,
  contractCall,
  getBalance,
  getTransaction,
  type Hash,
  type KeyAccount,
  prepareTransaction,
  type Signed,
  signTransaction,
  submitTransaction,
  tokenAbi,
  tokenAddress,
  waitForTransaction,
} from '@banyan/sdk'
import type { Refusal, SignedTransfer } from '../rollup/event.js'
import type { AnchoredTransfer, SettlementChain } from './ports.js'

export type BanyanChainOptions = {
  /** Its sponsor pays the fees; without one they are missing from what the payout account carries over. */
  readonly client: Client
  /** The payout account of the node, which customers let take what they owe by `approve`. */
  readonly payout: KeyAccount
  /** Pays in for customers that do not. */
  readonly operator: KeyAccount
  /** In which all is settled; 0, the default, is FIG. */
  readonly asset?: number
}

/** Settlement on a chain of this kind, by its public API. The anchor is the memo of the token transfer. */
export function openBanyanChain({
  client,
  payout,
  operator,
  asset = 0,
}: BanyanChainOptions): SettlementChain {
  const address = tokenAddress(asset)
  const senderOf = ({ way }: AnchoredTransfer): KeyAccount => (way === 'advance' ? operator : payout)

  const withMemo = (to: Hex, value: bigint, { anchor, xor }: AnchoredTransfer) =>
    contractCall({ abi: tokenAbi, address, name: 'transferWithMemo', args: [to, value, anchor, xor] })

  /** A collection takes by allowance, and leaves its anchor with a memo to the payer: both happen, or neither. */
  const callsOf = (transfer: AnchoredTransfer) => {
    const { way, account, amount } = transfer
    if (way === 'pay') return [withMemo(account, amount, transfer)]
    if (way === 'advance') return [withMemo(payout.address, amount, transfer)]
    const args = [account, payout.address, amount] as const
    return [
      contractCall({ abi: tokenAbi, address, name: 'transferFrom', args }),
      withMemo(account, 0n, transfer),
    ]
  }

  /** Why the contract refuses: its payer holds too little, or anything else. */
  const refusalOf = async (transfer: AnchoredTransfer): Promise<Refusal> => {
    const payer = transfer.way === 'collect' ? transfer.account : senderOf(transfer).address
    const balance = await getBalance(client, { address: payer as Address, asset })
    const missing = transfer.amount - balance
    return missing > 0n ? { reason: 'short', missing } : { reason: 'refused' }
  }

  return {
    sign: async (transfer) => {
      const account = senderOf(transfer)
      try {
        const prepared = await prepareTransaction(client, { calls: callsOf(transfer), account })
        const { id, envelope, validUntil } = await signTransaction(client, { prepared, account })
        return { isSigned: true, transfer: { id, envelope: toHex(envelope), validUntil } }
      } catch (error) {
        if (!isRevert(error)) throw error
        return { isSigned: false, refusal: await refusalOf(transfer) }
      }
    },
    settle: async (transfer, of) => {
      const signed = signedOf(transfer)
      // Whatever the node says to this, it says again while the outcome is waited for.
      await submitTransaction(client, { signed }).catch(() => undefined)
      try {
        const receipt = await waitForTransaction(client, { id: transfer.id, signed })
        if (receipt.status === 'failed') return { isSettled: false, refusal: await refusalOf(of) }
      } catch (error) {
        if (!(error instanceof BanyanError && error.kind === 'TransactionExpired')) throw error
        return { isSettled: false, refusal: { reason: 'expired' } }
      }
      const { block } = await getTransaction(client, { id: transfer.id })
      return { isSettled: true, height: block?.height ?? 0 }
    },
    payoutBalance: () => getBalance(client, { address: payout.address, asset }),
  }
}

function signedOf({ id, envelope, validUntil }: SignedTransfer): Signed {
  return { id: id as Hash, envelope: new Uint8Array(fromHex(envelope)!), validUntil }
}

/** Whether the calls would fail, as the node found when it tried them. */
function isRevert(error: unknown): boolean {
  return error instanceof BanyanError && error.kind === 'ExecutionReverted'
}
