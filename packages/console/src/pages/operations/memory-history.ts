import type { LocalStatus } from '@banyan/local/api'
import { useEffect, useState } from 'react'
import type { Point } from '../../charts/point.js'

const kept = 150

/** Memory of all processes together, as this page has seen it: megabytes over ms since the Unix epoch. */
export function useMemoryHistory(status: LocalStatus | undefined, updatedAt: number): readonly Point[] {
  const [points, setPoints] = useState<readonly Point[]>([])
  const memory = status?.memoryBytes ?? undefined
  useEffect(() => {
    if (memory === undefined) return
    setPoints((known) => {
      if (known.at(-1)?.x === updatedAt) return known
      return [...known, { x: updatedAt, y: memory / 2 ** 20 }].slice(-kept)
    })
  }, [memory, updatedAt])
  return points
}
