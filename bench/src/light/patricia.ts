import type { Address } from '@banyan/base'
import { createMerkleProof, createMPT } from '@ethereumjs/mpt'

/** Bytes of an account in Ethereum's state: nonce, balance, storage root and code hash, in RLP. */
const accountBytes = 76

/** Bytes of the proofs that Ethereum's tree gives of an account and of an absence, among so many accounts. */
export async function patriciaSizes(
  addresses: readonly Address[],
  absent: Address,
): Promise<{ readonly presence: number; readonly absence: number }> {
  const tree = await createMPT({ useKeyHashing: true })
  for (const address of addresses) await tree.put(address, new Uint8Array(accountBytes).fill(1))
  const sizeOf = async (address: Address): Promise<number> =>
    (await createMerkleProof(tree, address)).reduce((sum, { length }) => sum + length, 0)
  return { presence: await sizeOf(addresses[0]!), absence: await sizeOf(absent) }
}
