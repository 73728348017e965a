import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { computePath } from './ask.js'
import { workKey } from './queries.js'

/** Many requests that end together are one reason to read again. */
const gatherMs = 400

/** Reads again whatever follows from work as soon as some is done, while a page shows it. */
export function useWorkEvents(): void {
  const queries = useQueryClient()
  useEffect(() => {
    const events = new EventSource(`${computePath}/_banyan/work-events`)
    let timer: ReturnType<typeof setTimeout> | undefined
    events.onmessage = () => {
      timer ??= setTimeout(() => {
        timer = undefined
        void queries.invalidateQueries({ queryKey: workKey })
      }, gatherMs)
    }
    return () => {
      clearTimeout(timer)
      events.close()
    }
  }, [queries])
}
