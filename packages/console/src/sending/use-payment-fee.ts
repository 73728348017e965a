import type { Transfer } from '@banyan/sdk'
import { useQuery } from '@tanstack/react-query'
import type { DeviceAccount } from '../wallet/device-accounts.js'

/** Largest network fee of a payment, pip; a wallet reckons and shows its own. It hardly depends on the amount, so it is reckoned once for each payee and asset. */
export function usePaymentFee(account: DeviceAccount, payment: Transfer) {
  return useQuery({
    queryKey: ['fee', account.address, payment.to, payment.asset],
    queryFn: async ({ signal }) => {
      const { paymentFee } = await import('./payment-fee.js')
      return account.kind === 'wallet' ? null : paymentFee(account, payment, signal)
    },
    staleTime: 10_000,
  })
}
