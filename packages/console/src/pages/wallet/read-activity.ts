import { getActivity, type Hex, type Summary } from '@banyan/sdk'
import { client } from '../../data/client.js'

const pageSize = 100
const mostPages = 100

/** All activity of an account, newest first; at most 10,000 transactions. */
export async function readActivity(address: Hex): Promise<readonly Summary[]> {
  const found: Summary[] = []
  let before: string | undefined
  for (let i = 0; i < mostPages; i++) {
    const page: Awaited<ReturnType<typeof getActivity>> = await getActivity(client, {
      address,
      limit: pageSize,
      ...(before !== undefined && { before }),
    })
    found.push(...page.items)
    if (page.next === null) break
    before = page.next
  }
  return found
}
