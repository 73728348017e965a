import { plainMethod, type RpcMethods } from '../method.js'
import { quantity } from '../quantities.js'

/** Methods about the node and the chain as a whole. */
export const chainMethods: RpcMethods = {
  eth_chainId: plainMethod(({ node }) => quantity(node.identity.chainId)),
  net_version: plainMethod(({ node }) => node.identity.chainId.toString()),
  net_listening: plainMethod(() => true),
  net_peerCount: plainMethod(({ node }) => quantity(node.status().peers)),
  web3_clientVersion: plainMethod(({ node }) => `banyan/v${node.identity.version}/${process.platform}/node`),
  eth_syncing: plainMethod(({ node }) => {
    const { syncing } = node.status()
    if (syncing === undefined) return false
    const currentBlock = quantity(node.head().header.height)
    return {
      startingBlock: quantity(node.history.oldest()),
      currentBlock,
      highestBlock: quantity(syncing.target),
    }
  }),
  eth_accounts: plainMethod(() => []),
  eth_blockNumber: plainMethod(({ node }) => quantity(node.head().header.height)),
}
