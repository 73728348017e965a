import { useMemo } from 'react'
import type { TideBlock } from '../shell/tide-layout.js'
import { useBlocks } from './chain.js'

const shownBlocks = 240
const nothing: readonly TideBlock[] = []

/** The newest blocks as the tideline shows them. */
export function useTideBlocks(): readonly TideBlock[] {
  const { data } = useBlocks(shownBlocks)
  return useMemo(
    () =>
      data?.map(({ height, timestamp, included, view, parentView }) => ({
        height,
        time: timestamp,
        transactions: included,
        missed: Math.max(0, view - parentView - 1),
      })) ?? nothing,
    [data],
  )
}
