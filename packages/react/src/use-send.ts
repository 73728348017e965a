'use client'
import { BanyanError } from '@banyan/base'
import { type Client, type Hash, type Receipt, type Sending, type SendRequest, send } from '@banyan/sdk'
import { useCallback, useRef, useState } from 'react'
import { useBanyan } from './context.js'

export type SendPhase = 'idle' | 'confirming' | 'submitted' | 'final' | 'failed'

type SendState = {
  readonly phase: SendPhase
  readonly id?: Hash
  readonly receipt?: Receipt
  readonly error?: unknown
}

/** What is to be sent, or an action of the SDK that sends it, such as `(client) => createToken(client, { token })`. */
export type SendTask = SendRequest | ((client: Client) => Sending)

export type UseSend = SendState & {
  /** The phase in words for the person who waits. */
  readonly phaseText: string
  /** Sends; what comes of it is in the state, so it never rejects. `undefined` once something else was sent or reset. */
  readonly send: (task: SendTask) => Promise<Receipt | undefined>
  readonly reset: () => void
}

const texts: Readonly<Record<SendPhase, string>> = {
  idle: '',
  confirming: 'Confirm it on your device.',
  submitted: 'Sent. It is final in a moment.',
  final: 'Done.',
  failed: 'It did not work.',
}

const idle: SendState = { phase: 'idle' }

/** Sends with the provider's account, and follows what becomes of it. A transaction goes on when the page forgets it. */
export function useSend(): UseSend {
  const { client, account } = useBanyan()
  const [state, setState] = useState<SendState>(idle)
  const current = useRef(0)

  const begin = useCallback(
    async (task: SendTask): Promise<Receipt | undefined> => {
      const mine = ++current.current
      const show = (next: SendState): void => {
        if (mine === current.current) setState(next)
      }
      show({ phase: 'confirming' })
      try {
        const own = { ...client, account }
        const sending = typeof task === 'function' ? task(own) : send(own, task)
        const id = await sending.submitted
        show({ phase: 'submitted', id })
        const receipt = await sending.final
        show({ phase: 'final', id, receipt })
        return mine === current.current ? receipt : undefined
      } catch (error) {
        show({ phase: 'failed', error })
        return undefined
      }
    },
    [client, account],
  )
  const reset = useCallback(() => {
    current.current++
    setState(idle)
  }, [])

  const phaseText = state.error instanceof BanyanError ? state.error.message : texts[state.phase]
  return { ...state, phaseText, send: begin, reset }
}
