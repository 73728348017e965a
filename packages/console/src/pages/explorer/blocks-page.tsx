import { useSearch } from '@tanstack/react-router'
import { useBlocks } from '../../data/chain.js'
import { Loaded } from '../../parts/loaded.js'
import { Page } from '../../parts/page.js'
import { Pager } from '../../parts/pager.js'
import { BlockList } from './block-list.js'
import { ExplorerLinks } from './explorer-links.js'

const pageSize = 40

/** All blocks, newest first. */
export function BlocksPage() {
  const { page } = useSearch({ from: '/explorer/blocks' })
  const before = page === undefined ? undefined : Number(page)
  const query = useBlocks(pageSize, before)
  return (
    <Page
      title="Blocks"
      lead="Each block is agreed on by more than two thirds of the validators before it is shown here."
    >
      <ExplorerLinks />
      <Loaded query={query} what="The blocks could not be read" rows={20}>
        {(blocks) => (
          <>
            <BlockList blocks={blocks} />
            <Pager isLater={page !== undefined} next={nextOf(blocks)} further="Older" />
          </>
        )}
      </Loaded>
    </Page>
  )
}

function nextOf(blocks: readonly { readonly height: number }[]): number | null {
  const oldest = blocks.at(-1)?.height ?? 0
  return blocks.length < pageSize || oldest === 0 ? null : oldest
}
