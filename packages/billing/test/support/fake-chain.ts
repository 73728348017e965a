import type { AnchoredTransfer, SettlementChain, SignedTransfer, TopUp } from '@banyan/billing'
import { createSandboxGateway } from '@banyan/billing'
import type { Random } from '@banyan/testing'

/** A chain in memory that loses answers, lets transactions expire and sees people spend their money; it outlives crashes of the node. */

type Sent = { readonly transfer: AnchoredTransfer; state: 'open' | 'done' | 'dead' }

export type FakeChain = SettlementChain & {
  readonly balances: Map<string, bigint>
  /** Transfers that happened. */
  readonly done: () => readonly AnchoredTransfer[]
  readonly gateway: ReturnType<typeof createSandboxGateway>
  readonly bought: () => bigint
}

export const payoutAccount = 'payout'
export const operatorAccount = 'own'

export class AnswerLost extends Error {}

export function createFakeChain(
  random: Random,
  {
    faults,
    limitOf,
    consents,
  }: {
    /** In a hundred. */
    readonly faults: number
    readonly limitOf: (account: string) => bigint
    readonly consents: (account: string) => boolean
  },
): FakeChain {
  const balances = new Map<string, bigint>()
  const sent = new Map<string, Sent>()
  const given = new Set<string>()
  let bought = 0n
  let ids = 0
  const isFault = (): boolean => random.below(100) < faults
  const balanceOf = (account: string): bigint => balances.get(account) ?? 0n
  const payerOf = ({ way, account }: AnchoredTransfer): string =>
    way === 'collect' ? account : way === 'advance' ? operatorAccount : payoutAccount
  const payeeOf = ({ way, account }: AnchoredTransfer): string => (way === 'pay' ? account : payoutAccount)
  const missing = (transfer: AnchoredTransfer): bigint => transfer.amount - balanceOf(payerOf(transfer))
  const refusal = (transfer: AnchoredTransfer) => {
    if (transfer.way === 'collect' && !consents(transfer.account)) return { reason: 'refused' } as const
    return missing(transfer) > 0n ? ({ reason: 'short', missing: missing(transfer) } as const) : undefined
  }

  const settle = async ({ id }: SignedTransfer, transfer: AnchoredTransfer) => {
    const known = sent.get(id) ?? { transfer, state: 'open' as const }
    sent.set(id, known)
    for (const [other, { transfer: its, state }] of sent) {
      if (other !== id && its.anchor === transfer.anchor && state !== 'dead')
        throw new TypeError('two transactions for one obligation are alive')
    }
    if (isFault()) throw new AnswerLost('before inclusion')
    if (known.state === 'open') {
      if (transfer.way === 'collect' && isFault()) balances.set(transfer.account, 0n)
      const refused = isFault() ? ({ reason: 'expired' } as const) : refusal(transfer)
      if (refused !== undefined) {
        known.state = 'dead'
        return { isSettled: false, refusal: refused } as const
      }
      balances.set(payerOf(transfer), balanceOf(payerOf(transfer)) - transfer.amount)
      balances.set(payeeOf(transfer), balanceOf(payeeOf(transfer)) + transfer.amount)
      known.state = 'done'
    }
    if (isFault()) throw new AnswerLost('after inclusion')
    if (known.state === 'dead') return { isSettled: false, refusal: { reason: 'expired' } } as const
    return { isSettled: true, height: sent.size } as const
  }

  return {
    balances,
    done: () => [...sent.values()].filter(({ state }) => state === 'done').map(({ transfer }) => transfer),
    bought: () => bought,
    sign: async (transfer) => {
      if (isFault()) throw new AnswerLost('while signing')
      const refused = refusal(transfer)
      if (refused !== undefined) return { isSigned: false, refusal: refused }
      return {
        isSigned: true,
        transfer: { id: `0x${String(ids++).padStart(64, '0')}`, envelope: '0x', validUntil: 1 },
      }
    },
    settle,
    payoutBalance: async () => balanceOf(payoutAccount),
    gateway: createSandboxGateway({
      limitOf,
      give: async ({ key, account, amount }: TopUp) => {
        if (isFault()) throw new AnswerLost('before delivery')
        if (given.has(key)) return
        given.add(key)
        bought += amount
        balances.set(account, balanceOf(account) + amount)
        if (isFault()) throw new AnswerLost('after delivery')
      },
    }),
  }
}
