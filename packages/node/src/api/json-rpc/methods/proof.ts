import { asAssetId, fail } from '@banyan/base'
import { headerFields } from '@banyan/crypto'
import type { ProofRequest } from '@banyan/light'
import { z } from 'zod'
import { method, plainMethod, type RpcMethods } from '../method.js'
import { addressParam, hashParam, quantityParam } from '../params.js'
import { data, quantity } from '../quantities.js'

const assetParam = z
  .number()
  .int()
  .min(0)
  .max(2 ** 32 - 1)
  .transform(asAssetId)
const heightParam = quantityParam.transform((value, context) => {
  if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value)
  context.addIssue({ code: 'custom', message: 'a height is below 2^53' })
  return z.NEVER
})

/** What can be proven, as JSON. */
const proofParam = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('account'), address: addressParam }),
  z.object({ kind: z.literal('balance'), owner: addressParam, asset: assetParam }),
  z.object({ kind: z.literal('storage'), key: hashParam }),
  z.object({ kind: z.literal('utxo'), id: hashParam }),
  z.object({ kind: z.literal('asset'), asset: assetParam }),
  z.object({ kind: z.literal('recent'), height: heightParam }),
  z.object({ kind: z.literal('chain') }),
  z.object({ kind: z.literal('receipt'), id: hashParam }),
  z.object({ kind: z.literal('transaction'), id: hashParam }),
  z.object({ kind: z.literal('headerField'), height: heightParam, field: z.enum(headerFields) }),
  z.object({ kind: z.literal('header'), height: heightParam }),
])

export const proofMethods: RpcMethods = {
  eth_getProof: plainMethod(() => fail('EthereumProofUnsupported')),

  /** Our own proofs, encoded, with the block whose id they lead to. */
  banyan_getProof: method(z.tuple([proofParam]), async ({ node }, request) => {
    const proof = await node.prove(request satisfies ProofRequest)
    if (proof === undefined) fail('ProofUnavailable', { reason: `there is no such ${request.kind} to prove` })
    return { blockNumber: quantity(proof.height), blockHash: data(proof.blockId), proof: data(proof.bytes) }
  }),

  /** Encoded certificate that a block is final. */
  banyan_getCertificate: method(z.tuple([heightParam]), async ({ node }, height) => {
    const certificate = await node.certificate(height)
    if (certificate === undefined) fail('BlockUnknown', { block: height })
    const { blockId, bytes } = certificate
    return { blockNumber: quantity(certificate.height), blockHash: data(blockId), certificate: data(bytes) }
  }),
}
