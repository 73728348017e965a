import { createPublicKey, verify } from 'node:crypto'
import { type Hex, toHex } from '@banyan/base'
import { portable } from '@banyan/crypto'
import { native } from '@banyan/crypto/native'
import { decodeEnvelope, encodeEnvelope, type Transaction, verifyTransaction } from '@banyan/ledger'
import { keccak256 } from 'viem'
import { describe, expect, test } from 'vitest'
import vectors from '../vectors/transactions.json' with { type: 'json' }
import { plain } from './plain.js'
import {
  looseEnvelope,
  referenceDomain,
  referenceNativeId,
  referencePackage,
  referencePackageId,
  referenceTransfer,
  referenceTransferId,
} from './reference.js'
import { domains } from './samples.js'

/**
 * Known answers: `vectors/transactions.json` was written once from the transactions of `samples.ts`. A change of it is
 * a change of the format. Envelopes, ids and signatures are checked against Node, viem and the SSZ library.
 */

const fromHex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.slice(2), 'hex'))
const domain = (kind: string): Uint8Array =>
  referenceDomain(`banyan/${kind}`, BigInt(vectors.chainId), fromHex(vectors.genesisId))

/** Envelope and id of a transaction by the reference path. */
function reference(tx: Transaction, envelope: Hex): { readonly envelope: Hex; readonly id: Hex } {
  switch (tx.kind) {
    case 'transfer':
      return {
        envelope: toHex(Uint8Array.of(0x7a, ...referenceTransfer(tx))),
        id: toHex(referenceTransferId(tx, domain('transfer'))),
      }
    case 'package':
      return { envelope: toHex(referencePackage(tx)), id: toHex(referencePackageId(tx, domain('package'))) }
    case 'native':
      return { envelope: toHex(looseEnvelope(tx)), id: toHex(referenceNativeId(tx.body, domain('native'))) }
    case 'ethereum':
      return { envelope, id: keccak256(envelope) }
  }
}

/** The ed25519 signature of the id, by Node's own implementation. */
function isSignedByNode(tx: Transaction, id: Uint8Array): boolean {
  if (tx.kind === 'ethereum') return true
  const first = tx.kind === 'native' ? tx.signatures[0]! : undefined
  const key =
    first?.publicKey ?? (tx.kind === 'package' ? tx.signerKey : tx.kind === 'transfer' && tx.payerKey)
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(key || []).toString('base64url') }
  const signature = tx.kind === 'native' ? first!.signature : tx.signature
  return verify(null, id, createPublicKey({ key: jwk, format: 'jwk' }), signature)
}

describe('transaction vectors', () => {
  test('LED-3: the vectors cover every kind', () => {
    const kinds = new Set(vectors.transactions.map(({ fields }) => fields.kind))
    expect([...kinds].sort()).toEqual(['ethereum', 'native', 'package', 'transfer'])
    expect(vectors.transactions.length).toBeGreaterThanOrEqual(8)
    expect(toHex(domains.native)).toBe(toHex(domain('native')))
  })

  test.each(vectors.transactions)('LED-3: bytes, id, seal and sender are as published: $name', (vector) => {
    const bytes = fromHex(vector.envelope)
    const tx = decodeEnvelope(bytes)
    expect(plain(tx)).toEqual(vector.fields)
    expect(toHex(encodeEnvelope(tx))).toBe(vector.envelope)
    expect(reference(tx, vector.envelope as Hex)).toEqual({ envelope: vector.envelope, id: vector.id })
    expect(isSignedByNode(tx, fromHex(vector.id))).toBe(true)
    for (const provider of [native, portable]) {
      const { id, seal, sender, signers } = verifyTransaction(provider, domains, tx, bytes)
      expect(plain({ id, seal, sender, signers })).toEqual({
        id: vector.id,
        seal: vector.seal,
        sender: vector.sender,
        signers: vector.signers,
      })
    }
  })
})
