import { formatAmount, toHex, utf8 } from '@banyan/base'
import { native as provider } from '@banyan/crypto/native'
import { createClient, ed25519Account, type KeyAccount, secp256k1Account } from '@banyan/sdk'
import { type Cluster, startCluster } from '@banyan/testing/cluster'
import { afterAll, beforeAll } from 'vitest'

/** A network of one real node for the tests of a file, and people who own something on it. */

export const oneFig = 10n ** 18n
export const startBalance = 1_000n * oneFig

export const secretOf = (name: string) => provider.sha256(utf8(`sdk ${name}`))
export const alice = ed25519Account(secretOf('alice'))
export const bob = secp256k1Account(secretOf('bob'))
/** Starts with nothing. */
export const carol = ed25519Account(secretOf('carol'))

export type TestNode = { readonly url: () => string; readonly cluster: () => Cluster }

export function useNode(rich: readonly KeyAccount[] = [alice, bob]): TestNode {
  let cluster: Cluster | undefined
  beforeAll(async () => {
    cluster = await startCluster({
      validators: 1,
      accounts: rich.map(({ address }) => ({ address, balance: formatAmount(startBalance) })),
      plan: { blockInterval: 50, heartbeat: 100 },
    })
  })
  afterAll(() => cluster?.close())
  return { cluster: () => cluster!, url: () => cluster!.node(0).rpc }
}

export const clientOf = (node: TestNode, account?: KeyAccount) =>
  createClient({ url: node.url(), ...(account && { account }) })

/** An address that nobody has used. */
export const freshAddress = () => toHex(provider.randomBytes(20))
