import type { Transfer } from '@banyan/sdk'
import { useContext } from 'react'
import { AssetMoney } from '../../data/asset-money.js'
import { useActivity } from '../../data/chain.js'
import { lookAlike } from '../../forms/read-address.js'
import { KnownNamesContext } from '../../names/known-names.js'
import { Address } from '../../parts/address.js'
import { FigMoney } from '../../parts/fig-money.js'
import { Confirmation } from '../../sending/act-form.js'
import { usePaymentFee } from '../../sending/use-payment-fee.js'
import type { DeviceAccount } from '../../wallet/device-accounts.js'

type PaymentPreviewProps = {
  readonly account: DeviceAccount
  readonly payment: Transfer & { readonly asset: number }
  /** Of the asset that is paid, before the payment. */
  readonly balance: bigint
  /** Whether somebody else pays the network fee. */
  readonly isSponsored: boolean
}

const lookBack = 100

/** What the reader is about to confirm, in a sentence, and what deserves a second look. */
export function PaymentPreview({ account, payment, balance, isSponsored }: PaymentPreviewProps) {
  const { to, amount, asset } = payment
  const fee = usePaymentFee(account, payment)
  const names = useContext(KnownNamesContext)
  const activity = useActivity(account.address, lookBack)
  const paidBefore = activity.data?.items.some(({ movements }) =>
    movements.some((movement) => movement.from === account.address && movement.to === to),
  )
  const twin = lookAlike(to, names.keys())
  const isSelf = to === account.address
  return (
    <Confirmation>
      <p>
        You pay{' '}
        <strong>
          <AssetMoney asset={asset} amount={amount} exact />
        </strong>{' '}
        to <Address value={to} bare />
        {'. '}
        Afterwards you have <AssetMoney asset={asset} amount={balance - amount} />
        {asset === 0 && !isSponsored && ', less the network fee'}.
      </p>
      <p className="note-code">
        {isSponsored ? (
          'Network fee: paid by the sponsor of this network.'
        ) : fee.data === undefined ? (
          'The network fee is being reckoned…'
        ) : fee.data === null ? (
          `Network fee: paid by you; ${account.name} shows how much.`
        ) : (
          <>
            Network fee: at most <FigMoney amount={fee.data} />, paid by you.
          </>
        )}
      </p>
      {isSelf && (
        <p className="is-ochre">This is your own account: the money would come back to where it is.</p>
      )}
      {twin !== undefined && (
        <p className="is-brick">
          Careful: this looks like {names.get(twin)}, but it is another account. Compare the words and the
          picture.
        </p>
      )}
      {paidBefore === false && !isSelf && (
        <p className="is-ochre">You have never paid this account before.</p>
      )}
    </Confirmation>
  )
}
