import { getStatus, type Verifier } from '@banyan/sdk'
import { type BlockProof, createVerifier, proveBlock, readTrust } from '@banyan/sdk/verify'
import { client } from './client.js'
import { askOrigin } from './local-network.js'

let verifier: Promise<Verifier> | undefined

/** A light client of this page, which trusts the first validators in the genesis that the origin holds. */
async function openVerifier() {
  const genesis = await askOrigin('/local/genesis')
  const { genesisId } = await getStatus(client)
  return createVerifier(client, readTrust(genesis, genesisId))
}

/** Checks something with the light client of this page; one that has failed is not used again. Errors: those of `check`, and of the origin. */
export async function withVerifier<Checked>(check: (verify: Verifier) => Promise<Checked>): Promise<Checked> {
  verifier ??= openVerifier()
  try {
    return await check(await verifier)
  } catch (error) {
    verifier = undefined
    throw error
  }
}

/** Checks in this browser why a block is final. Errors: those of `proveBlock`, and of the origin. */
export function checkBlock(height: number): Promise<BlockProof> {
  return withVerifier((verify) => proveBlock(client, { verify, height }))
}
