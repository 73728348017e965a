import { getStatus } from '@banyan/sdk'
import { type BlockProof, createVerifier, proveBlock, readTrust } from '@banyan/sdk/verify'
import { client } from './client.js'
import { askOrigin } from './local-network.js'

let verifier: Promise<ReturnType<typeof createVerifier>> | undefined

/** A light client of this page, which trusts the first validators in the genesis that the origin holds. */
async function openVerifier() {
  const genesis = await askOrigin('/local/genesis')
  const { genesisId } = await getStatus(client)
  return createVerifier(client, readTrust(genesis, genesisId))
}

/** Checks in this browser why a block is final. Errors: those of `proveBlock`, and of the origin. */
export async function checkBlock(height: number): Promise<BlockProof> {
  verifier ??= openVerifier()
  try {
    return await proveBlock(client, { verify: await verifier, height })
  } catch (error) {
    verifier = undefined
    throw error
  }
}
