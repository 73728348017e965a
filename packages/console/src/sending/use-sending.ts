import type { Receipt } from '@banyan/sdk'
import { useEffect, useRef, useState } from 'react'
import { useSponsor } from '../data/sponsor.js'
import { canBeSponsored, type DeviceAccount } from '../wallet/device-accounts.js'
import type { Act } from './act.js'

/** Where something that was sent is on its way. */
export type SendingState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'confirming' }
  | { readonly phase: 'submitted'; readonly id: string }
  | { readonly phase: 'final'; readonly id: string; readonly receipt: Receipt }
  | { readonly phase: 'failed'; readonly error: unknown }

export const phaseTexts: Record<SendingState['phase'], string> = {
  idle: '',
  confirming: 'Waiting for your confirmation…',
  submitted: 'Sent. The validators are agreeing on it…',
  final: 'Final',
  failed: 'Failed',
}

/** Sends for an account of this device and tells how far it is. The sponsor of the network pays, where there is one, unless the call says otherwise. What signs is loaded when it is first needed. */
export function useSending() {
  const hasSponsor = useSponsor() !== undefined
  const [state, setState] = useState<SendingState>({ phase: 'idle' })
  const current = useRef<AbortController>(undefined)
  useEffect(() => () => current.current?.abort(), [])

  const start = async (
    account: DeviceAccount,
    act: Act,
    isSponsored = hasSponsor && canBeSponsored(account),
  ) => {
    current.current?.abort()
    const own = new AbortController()
    current.current = own
    const become = (next: SendingState) => {
      if (!own.signal.aborted) setState(next)
    }
    become({ phase: 'confirming' })
    try {
      const { sendFrom } = await import('./send-from.js')
      const sending = await sendFrom(account, act, isSponsored, own.signal)
      const id = await sending.submitted
      become({ phase: 'submitted', id })
      become({ phase: 'final', id, receipt: await sending.final })
    } catch (error) {
      become({ phase: 'failed', error })
    }
  }
  return { state, start, reset: () => setState({ phase: 'idle' }) }
}
