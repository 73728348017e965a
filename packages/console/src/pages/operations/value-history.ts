import { useEffect, useState } from 'react'
import type { Point } from '../../charts/point.js'

const kept = 150

/** A value as this page has seen it change: over ms since the Unix epoch. */
export function useValueHistory(value: number | undefined, updatedAt: number): readonly Point[] {
  const [points, setPoints] = useState<readonly Point[]>([])
  useEffect(() => {
    if (value === undefined) return
    setPoints((known) => {
      if (known.at(-1)?.x === updatedAt) return known
      return [...known, { x: updatedAt, y: value }].slice(-kept)
    })
  }, [value, updatedAt])
  return points
}
