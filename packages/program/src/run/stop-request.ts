/** Why a process is to stop. */
export type StopRequest =
  | { readonly kind: 'signal'; readonly name: string }
  | { readonly kind: 'parent' }
  | { readonly kind: 'failure'; readonly error: unknown }

const signals = { SIGINT: 2, SIGTERM: 15 } as const

/**
 * Waits for a signal, for the end of the parent if `withParent`, or for `fail`. The first of them resolves `requested`; a
 * second signal calls `atOnce` with the exit code that shells give for it. `end` stops listening.
 */
export function awaitStop(withParent: boolean, atOnce: (code: number) => void) {
  let ask: (request: StopRequest) => void = () => undefined
  let isAsked = false
  const requested = new Promise<StopRequest>((resolve) => {
    ask = (request) => {
      isAsked = true
      resolve(request)
    }
  })
  const listeners = Object.entries(signals).map(([name, number]) => {
    const listener = (): void => (isAsked ? atOnce(128 + number) : ask({ kind: 'signal', name }))
    process.on(name, listener)
    return () => process.off(name, listener)
  })
  const parentGone = (): void => ask({ kind: 'parent' })
  if (withParent) {
    process.on('disconnect', parentGone)
    process.stdin.on('end', parentGone).on('error', parentGone).resume()
  }
  return {
    requested,
    fail: (error: unknown) => ask({ kind: 'failure', error }),
    end: () => {
      for (const remove of listeners) remove()
      process.off('disconnect', parentGone)
      process.stdin.pause()
    },
  }
}
