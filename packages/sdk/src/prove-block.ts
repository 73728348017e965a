import { fromHex, toHex } from '@banyan/base'
import { decodeProof } from '@banyan/light'
import type { Client } from './client.js'
import { clientError } from './errors.js'
import { type Address, type Hash, requireCount } from './hex.js'
import { ask, type Options } from './http.js'
import type { Verifier } from './verifier.js'

/** Why a block is final: who of its committee has signed for it, or for a block that descends from it. */
export type BlockProof = {
  readonly height: number
  readonly id: Hash
  /** Epoch whose committee has signed. */
  readonly epoch: number
  /** Blocks between this one and the one that was signed; 0 if it was signed itself. */
  readonly links: number
  /** All members of the committee. */
  readonly members: readonly {
    readonly address: Address
    readonly weight: number
    readonly hasSigned: boolean
  }[]
}

/**
 * Takes the certificate of a final block from 1 on, and checks it: signatures, weight, and the committee back to what the
 * verifier trusts. Errors: ArgumentInvalid, those of `ask`, of `LightClient.follow` and of `LightCore.check`.
 */
export async function proveBlock(
  client: Client,
  { verify, height, signal }: Options & { readonly verify: Verifier; readonly height: number },
): Promise<BlockProof> {
  requireCount(height, 'height')
  await verify.follow()
  const path = `/v1/blocks/${height}/proof`
  const { proof } = (await ask(client, path, { signal })) as { readonly proof?: unknown }
  const bytes = typeof proof === 'string' ? fromHex(proof) : undefined
  if (bytes === undefined)
    throw clientError('AnswerStrange', { url: client.url + path, reason: 'it holds no proof' })
  const { block } = verify.core.check({ kind: 'header', height }, bytes)
  const { epoch, certificate, links } = decodeProof(bytes).finality
  const signers = new Set(certificate.signers)
  const members = verify.core.validators(epoch).map(({ address, weight }, index) => ({
    address: toHex(address) as Address,
    weight,
    hasSigned: signers.has(index),
  }))
  return { height, id: toHex(block.id) as Hash, epoch, links: links.length, members }
}
