import { asAddress, asChainId, asHash } from '@banyan/base'
import { createCommittee, schemeOf, type Validator } from '@banyan/consensus'
import type { CryptoProvider } from '@banyan/crypto'
import { createLightCore, decodeProof, type LightCore } from '@banyan/light'

/** What a light client gets to check; plain values, so that a page can have it. */
export type Sample = {
  readonly chainId: bigint
  readonly genesisId: Uint8Array
  readonly epochBlocks: number
  readonly validators: readonly Validator[]
  readonly address: Uint8Array
  /** Proof of the account with this address. */
  readonly row: Uint8Array
  readonly id: Uint8Array
  /** Proof of the receipt of this transaction. */
  readonly receipt: Uint8Array
  /** Record of epoch 0. */
  readonly step: Uint8Array
}

/** Each does its work once, as a client does it for each answer. */
export type Work = { readonly row: () => void; readonly receipt: () => void; readonly step: () => void }

export function workOf(provider: CryptoProvider, sample: Sample): Work {
  const { chainId, genesisId, epochBlocks, validators, address, row, id, receipt, step } = sample
  const chain = {
    chainId: asChainId(chainId),
    genesisId: asHash(genesisId),
    epochBlocks,
    quorumRule: 'byzantine' as const,
  }
  const fresh = (): LightCore => createLightCore({ provider, chain, start: { validators }, keepEpochs: 2 })
  const core = fresh()
  return {
    row: () => core.check({ kind: 'account', address: asAddress(address) }, row),
    receipt: () => core.check({ kind: 'receipt', id: asHash(id) }, receipt),
    step: () => fresh().takeEpoch(step),
  }
}

/** Checks the signatures of the certificate of the proof of the account, and nothing else. */
export function signaturesOf(provider: CryptoProvider, sample: Sample): () => void {
  const { chainId, genesisId, validators, row } = sample
  const committee = createCommittee(provider, 0, 'byzantine', validators)
  const chain = { chainId: asChainId(chainId), genesisId: asHash(genesisId) }
  const scheme = schemeOf(provider, chain, committee)
  const { vote, signers, signature } = decodeProof(row).finality.certificate
  const message = scheme.message(vote)
  return () => scheme.verifyCombined(message, signers, signature)
}
