import { createdToken } from '@banyan/sdk'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { amountText } from '../../format/amount.js'
import { AmountField } from '../../forms/amount-field.js'
import { Choice } from '../../forms/choice.js'
import { Field } from '../../forms/field.js'
import { Page } from '../../parts/page.js'
import { ActForm, Confirmation } from '../../sending/act-form.js'
import { FeePayer } from '../../sending/fee-payer.js'
import { ShowCode } from '../../sending/show-code.js'
import { useSending } from '../../sending/use-sending.js'
import { AccountNeeded } from '../../wallet/account-needed.js'
import type { DeviceAccount } from '../../wallet/device-accounts.js'
import { useWallet } from '../../wallet/use-wallet.js'
import { readToken, type TokenDraft } from './token-draft.js'

/** Creates a token. */
export function CreateTokenPage() {
  const { account } = useWallet()
  if (account === undefined) return <AccountNeeded title="Create a token" />
  return (
    <Page
      title="Create a token"
      crumb={<Link to="/tokens">Your tokens</Link>}
      lead="It belongs to you from the first moment: you hold all of it and decide who gets some."
    >
      <CreateForm key={account.address} account={account} />
    </Page>
  )
}

const emptyDraft: TokenDraft = {
  name: '',
  symbol: '',
  supply: '',
  decimals: 2,
  canGrow: false,
  canPause: false,
}

function CreateForm({ account }: { readonly account: DeviceAccount }) {
  const [draft, setDraft] = useState(emptyDraft)
  const [isStrict, setStrict] = useState(false)
  const { state, start, reset } = useSending()
  const change = (part: Partial<TokenDraft>) => setDraft({ ...draft, ...part })
  const { token, problems } = readToken(draft)
  const created = state.phase === 'final' ? createdToken(state.receipt) : undefined
  const shown = (problem: string | undefined) => (isStrict ? problem : undefined)

  return (
    <ActForm
      state={state}
      onSubmit={() => {
        setStrict(true)
        if (token !== undefined) void start(account, { kind: 'create', token })
      }}
      submit={`Create ${draft.symbol === '' ? 'token' : draft.symbol}`}
      cancelTo="/tokens"
      failure="The token was not created"
      done={
        <>
          {draft.name} exists, and you hold all of it.{' '}
          {created !== undefined && (
            <Link to="/explorer/token/$asset" params={{ asset: String(created) }}>
              See its page
            </Link>
          )}
        </>
      }
      again="Create another one"
      onAgain={() => {
        setDraft(emptyDraft)
        setStrict(false)
        reset()
      }}
    >
      <Field
        label="Name"
        value={draft.name}
        placeholder="Harbour Coffee Points"
        onChange={(event) => change({ name: event.target.value })}
        wrong={shown(problems.name)}
      />
      <Field
        label="Symbol"
        value={draft.symbol}
        placeholder="HCP"
        hint="A few letters that stand behind amounts."
        onChange={(event) => change({ symbol: event.target.value })}
        wrong={shown(problems.symbol)}
      />
      <AmountField
        label="Amount"
        text={draft.supply}
        placeholder="1000"
        hint="You get all of it."
        onText={(text) => change({ supply: text })}
        wrong={shown(problems.supply)}
      />
      <Field
        label="Digits after the point"
        type="number"
        min={0}
        max={18}
        value={draft.decimals}
        hint="2 as for most money; 0 for things that cannot be shared."
        onChange={(event) => change({ decimals: Number(event.target.value) })}
        wrong={shown(problems.decimals)}
      />
      <Choice
        label="I can issue more later"
        hint="Otherwise the amount is fixed for ever, which holders may trust more."
        checked={draft.canGrow}
        onChange={(canGrow) => change({ canGrow })}
      />
      <Choice
        label="I can pause transfers"
        hint="For emergencies. Holders see this right on the page of the token."
        checked={draft.canPause}
        onChange={(canPause) => change({ canPause })}
      />
      {token !== undefined && (
        <>
          <Confirmation>
            <p>
              You create <strong>{token.name}</strong> and issue{' '}
              <strong>
                {amountText(token.initialSupply, token.decimals).full} {token.symbol}
              </strong>{' '}
              to yourself. {draft.canGrow ? 'You can issue more later.' : 'There will never be more.'}
            </p>
            <FeePayer account={account} />
          </Confirmation>
          <ShowCode account={account} act={{ kind: 'create', token }} />
        </>
      )}
    </ActForm>
  )
}
