import { Link } from '@tanstack/react-router'
import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import { useActivity, useAssets, useBalances } from '../../data/chain.js'
import { Section } from '../../parts/page.js'
import { useWallet } from '../../wallet/use-wallet.js'

type Step = {
  readonly title: string
  readonly text: string
  readonly isDone: boolean
  readonly action: ReactNode
}

const nobody = `0x${'0'.repeat(40)}`
const lookBack = 100

/** What the chain tells of the account in use. */
function useProgress() {
  const { account } = useWallet()
  const address = account?.address ?? nobody
  const isKnown = account !== undefined
  const balances = useBalances(address, isKnown)
  const activity = useActivity(address, lookBack, undefined, isKnown)
  const assets = useAssets()
  const sent = activity.data?.items.some(({ from, status }) => from === address && status === 'success')
  const has = (balances.data?.length ?? 0) > 0 || sent === true
  const issued = assets.data?.some(({ issuer, asset }) => asset !== 0 && issuer === address)
  return { isKnown, hasMoney: isKnown && has, hasPaid: sent === true, hasToken: isKnown && issued === true }
}

/** First steps of a newcomer. They tick themselves when the chain says that they have happened. */
export function NextSteps() {
  const { isKnown, hasMoney, hasPaid, hasToken } = useProgress()
  const steps: readonly Step[] = [
    {
      title: 'Have an account',
      text: 'One touch on this device; nothing to write down.',
      isDone: isKnown,
      action: <Link to="/wallet">Create account</Link>,
    },
    {
      title: 'Get money',
      text: 'From the faucet of a test network, or from somebody who has some.',
      isDone: hasMoney,
      action: <Link to="/wallet">Open the wallet</Link>,
    },
    {
      title: 'Pay somebody',
      text: 'It is final in about a second, and you see a sentence before you confirm.',
      isDone: hasPaid,
      action: <Link to="/wallet/send">Send</Link>,
    },
    {
      title: 'Create a token of your own',
      text: 'Points, shares or a currency: a name and an amount are enough.',
      isDone: hasToken,
      action: <Link to="/tokens/create">Create a token</Link>,
    },
  ]
  const left = steps.filter(({ isDone }) => !isDone).length
  if (left === 0) return null
  return (
    <Section title="Next steps" aside={`${steps.length - left} of ${steps.length} done`}>
      <ol className="checks">
        {steps.map(({ title, text, isDone, action }) => (
          <li key={title} className={isDone ? 'is-done' : undefined}>
            <span className="box">
              <Check size={14} strokeWidth={3} aria-hidden="true" />
            </span>
            <span>
              <span className="check-title">{title}</span>
              {isDone && <span className="aside">, done</span>}
              <small>{text}</small>
            </span>
            {!isDone && <span>{action}</span>}
          </li>
        ))}
      </ol>
    </Section>
  )
}
