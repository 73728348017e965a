import type { Asset } from '@banyan/sdk'
import { Link, useParams } from '@tanstack/react-router'
import { useContext, useState } from 'react'
import { useAsset } from '../../data/chain.js'
import { amountText } from '../../format/amount.js'
import { AddressField } from '../../forms/address-field.js'
import { AmountField } from '../../forms/amount-field.js'
import { readAddress } from '../../forms/read-address.js'
import { readAmount } from '../../forms/read-amount.js'
import { KnownNamesContext } from '../../names/known-names.js'
import { Address } from '../../parts/address.js'
import { Loaded } from '../../parts/loaded.js'
import { Page } from '../../parts/page.js'
import { ActForm, Confirmation } from '../../sending/act-form.js'
import { FeePayer } from '../../sending/fee-payer.js'
import { ShowCode } from '../../sending/show-code.js'
import { useSending } from '../../sending/use-sending.js'
import { AccountNeeded } from '../../wallet/account-needed.js'
import type { DeviceAccount } from '../../wallet/device-accounts.js'
import { useWallet } from '../../wallet/use-wallet.js'

/** Issues more of a token. */
export function IssuePage() {
  const { asset } = useParams({ from: '/tokens/issue/$asset' })
  const { account } = useWallet()
  const query = useAsset(Number(asset))
  if (account === undefined) return <AccountNeeded title="Issue more" />
  const name = query.data?.name
  return (
    <Page
      title={name === undefined ? 'Issue more' : `Issue more ${name}`}
      crumb={<Link to="/tokens">Your tokens</Link>}
      lead="What you issue is new: it adds to the supply, and everybody can see that."
    >
      <Loaded query={query} what="The token could not be read">
        {(found) => <IssueForm account={account} asset={found} />}
      </Loaded>
    </Page>
  )
}

function IssueForm({ account, asset }: { readonly account: DeviceAccount; readonly asset: Asset }) {
  const names = useContext(KnownNamesContext)
  const [toText, setToText] = useState(account.name)
  const [text, setText] = useState('')
  const [isStrict, setStrict] = useState(false)
  const { state, start, reset } = useSending()
  const to = readAddress(toText, names)
  const amount = readAmount(text, asset.decimals)
  const left = asset.cap - asset.supply
  const isTooMuch = amount.kind === 'amount' && amount.amount > left
  const shownAmount =
    amount.kind === 'amount' ? `${amountText(amount.amount, asset.decimals).full} ${asset.symbol}` : ''
  const act =
    to.kind === 'address' && amount.kind === 'amount' && !isTooMuch
      ? ({ kind: 'issue', asset: asset.asset, to: to.address, amount: amount.amount } as const)
      : undefined

  function amountProblem(): string | undefined {
    if (amount.kind === 'wrong') return amount.reason
    if (isTooMuch) return `Only ${amountText(left, asset.decimals).full} ${asset.symbol} are left to issue.`
    return isStrict && amount.kind === 'empty' ? 'How much?' : undefined
  }

  const submit = () => {
    setStrict(true)
    if (act !== undefined) void start(account, act)
  }
  return (
    <ActForm
      state={state}
      onSubmit={submit}
      submit={shownAmount === '' ? 'Issue' : `Issue ${shownAmount}`}
      cancelTo="/tokens"
      failure="Nothing was issued"
      done={`${shownAmount} are new.`}
      again="Issue more"
      onAgain={() => {
        setText('')
        setStrict(false)
        reset()
      }}
    >
      <AddressField label="To" text={toText} read={to} onText={setToText} strict={isStrict} />
      <AmountField label={`Amount in ${asset.symbol}`} text={text} onText={setText} wrong={amountProblem()} />
      {act !== undefined && (
        <>
          <Confirmation>
            <p>
              You issue <strong>{shownAmount}</strong> to <Address value={act.to} bare />. The supply becomes{' '}
              {amountText(asset.supply + act.amount, asset.decimals).full} {asset.symbol}.
            </p>
            <FeePayer account={account} />
          </Confirmation>
          <ShowCode account={account} act={act} />
        </>
      )}
    </ActForm>
  )
}
