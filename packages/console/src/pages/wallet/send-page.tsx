import { Link, useSearch } from '@tanstack/react-router'
import { useContext, useState } from 'react'
import { useAssetNames } from '../../data/asset-names.js'
import { useBalances } from '../../data/chain.js'
import { amountText } from '../../format/amount.js'
import { AddressField } from '../../forms/address-field.js'
import { AmountField } from '../../forms/amount-field.js'
import { Choice } from '../../forms/choice.js'
import { readAddress } from '../../forms/read-address.js'
import { readAmount } from '../../forms/read-amount.js'
import { aliasOf } from '../../names/address-marks.js'
import { KnownNamesContext } from '../../names/known-names.js'
import { Address } from '../../parts/address.js'
import { Page } from '../../parts/page.js'
import { ActForm } from '../../sending/act-form.js'
import { ShowCode } from '../../sending/show-code.js'
import { useIsSponsored } from '../../sending/use-is-sponsored.js'
import { useSending } from '../../sending/use-sending.js'
import { AccountNeeded } from '../../wallet/account-needed.js'
import type { DeviceAccount } from '../../wallet/device-accounts.js'
import { useWallet } from '../../wallet/use-wallet.js'
import { PaymentPreview } from './payment-preview.js'

const crumb = <Link to="/wallet">Wallet</Link>

/** Sends money. */
export function SendPage() {
  const { account } = useWallet()
  if (account === undefined) return <AccountNeeded title="Send" />
  return (
    <Page
      title="Send"
      crumb={crumb}
      lead={
        <>
          From <Address value={account.address} />
        </>
      }
    >
      <SendForm key={account.address} account={account} />
    </Page>
  )
}

const unknownAsset = { decimals: 0, symbol: '', name: '' }

function SendForm({ account }: { readonly account: DeviceAccount }) {
  const search = useSearch({ from: '/wallet/send' })
  const names = useContext(KnownNamesContext)
  const assets = useAssetNames()
  const balances = useBalances(account.address)
  const [toText, setToText] = useState(search.to ?? '')
  const [amountInput, setAmountInput] = useState('')
  const [asset, setAsset] = useState(search.asset ?? 0)
  const [isStrict, setStrict] = useState(false)
  const { state, start, reset } = useSending()
  const hasSponsor = useIsSponsored(account)
  const [isSponsored, setSponsored] = useState(true)

  const known = assets.get(asset) ?? unknownAsset
  const to = readAddress(toText, names)
  const amount = readAmount(amountInput, known.decimals)
  const balance = balances.data?.find((each) => each.asset === asset)?.balance ?? 0n
  const choices = [...new Set([0, asset, ...(balances.data ?? []).map((each) => each.asset)])]
  const wrongAmount = amountProblem()
  const payment =
    to.kind === 'address' && amount.kind === 'amount'
      ? { to: to.address, amount: amount.amount, asset }
      : undefined
  const payee = to.kind === 'address' ? (names.get(to.address) ?? aliasOf(to.address)) : ''
  const moneyText =
    amount.kind === 'amount' ? `${amountText(amount.amount, known.decimals).full} ${known.symbol}` : ''

  function amountProblem(): string | undefined {
    if (amount.kind === 'wrong') return amount.reason
    if (amount.kind === 'amount' && balances.data !== undefined && amount.amount > balance) {
      return `That is more than you have: ${amountText(balance, known.decimals).full} ${known.symbol}.`
    }
    return isStrict && amount.kind === 'empty' ? 'How much?' : undefined
  }

  const submit = () => {
    setStrict(true)
    if (payment === undefined || wrongAmount !== undefined) return
    void start(account, { kind: 'pay', ...payment }, hasSponsor && isSponsored)
  }
  const again = () => {
    setAmountInput('')
    setStrict(false)
    reset()
  }

  return (
    <ActForm
      state={state}
      onSubmit={submit}
      submit={moneyText === '' ? 'Pay' : `Pay ${moneyText}`}
      cancelTo="/wallet"
      failure="The payment was not made"
      done={`${payee} has received ${moneyText}. It can never be undone or changed.`}
      again="Send another payment"
      onAgain={again}
    >
      <AddressField
        label="To"
        text={toText}
        read={to.kind === 'empty' && isStrict ? { kind: 'wrong', reason: 'Who should get it?' } : to}
        onText={setToText}
        strict={isStrict || toText.startsWith('0x')}
      />
      <AmountField
        label="Amount"
        text={amountInput}
        onText={setAmountInput}
        hint={`You have ${amountText(balance, known.decimals).full} ${known.symbol}.`}
        wrong={wrongAmount}
        beside={
          <select
            className="input"
            aria-label="Asset"
            value={asset}
            onChange={(event) => setAsset(Number(event.target.value))}
          >
            {choices.map((each) => (
              <option key={each} value={each}>
                {assets.get(each)?.symbol ?? `Token ${each}`}
              </option>
            ))}
          </select>
        }
      />
      {hasSponsor && (
        <Choice
          label="Let the network's sponsor pay the fee"
          hint="Otherwise you pay it yourself."
          checked={isSponsored}
          onChange={setSponsored}
        />
      )}
      {payment !== undefined && wrongAmount === undefined && (
        <>
          <PaymentPreview
            account={account}
            payment={payment}
            balance={balance}
            isSponsored={hasSponsor && isSponsored}
          />
          <ShowCode
            account={account}
            act={{ kind: 'pay', ...payment }}
            isSponsored={hasSponsor && isSponsored}
          />
        </>
      )}
    </ActForm>
  )
}
