import { asAssetId, asChainId, asHash, createWriter } from '@banyan/base'
import { recentBlocks } from '@banyan/crypto'
import { summarize } from '@banyan/ledger'
import {
  createLightCore,
  decodeEpochRecord,
  decodeProof,
  encodeEpochRecord,
  encodeFinality,
  encodeProof,
  maxProofBytes,
  type ProofRequest,
} from '@banyan/light'
import { certify, createMember } from '@banyan/testing/certified-chain'
import { expect, test } from 'vitest'
import {
  createWorld,
  errorOf,
  membersFrom,
  noKey,
  olive,
  payee,
  payer,
  provider,
  rowKey,
  sliding,
  stranger,
  wallet,
} from './world.js'

const fixed = (size: number) => () => membersFrom(0, size)

test('LED-19, LED-8: rows of every table are shown present or absent, with typed values', async () => {
  const world = createWorld()
  const utxo = await world.makeUtxo()
  world.extend([world.transfers(5)])
  const value = (request: ProofRequest) => {
    const proof = world.prove(request)
    const { value, block } = world.client().check(request, proof)
    expect(block.height).toBe(world.chain.head.header.height)
    return value
  }
  expect(value({ kind: 'account', address: payer })).toMatchObject({ balance: 10n ** 20n - 5n, nonce: 0n })
  expect(value({ kind: 'account', address: wallet })).toMatchObject({ nonce: 1n, utxoCount: 1 })
  expect(value({ kind: 'account', address: payee })).toMatchObject({ balance: 5n })
  expect(value({ kind: 'account', address: stranger })).toBeUndefined()
  expect(value({ kind: 'balance', owner: payer, asset: olive })).toBe(4_321n)
  expect(value({ kind: 'balance', owner: payee, asset: olive })).toBeUndefined()
  expect(value({ kind: 'storage', key: rowKey })).toEqual(new Uint8Array(40).fill(9))
  expect(value({ kind: 'storage', key: noKey })).toBeUndefined()
  expect(value({ kind: 'utxo', id: utxo })).toMatchObject({
    owner: wallet,
    asset: 0,
    amount: 77n,
    height: 1n,
  })
  expect(value({ kind: 'utxo', id: noKey })).toBeUndefined()
  expect(value({ kind: 'asset', asset: olive })).toMatchObject({ symbol: 'OLV', supply: 4_321n })
  expect(value({ kind: 'asset', asset: asAssetId(2) })).toBeUndefined()
  expect(value({ kind: 'asset', asset: asAssetId(2 ** 32 - 1) })).toBeUndefined()
  const { height } = world.chain.head.header
  expect(value({ kind: 'recent', height: 2 })).toMatchObject({ height: 2n, blockId: world.block(2).id })
  expect(value({ kind: 'recent', height: 2 + recentBlocks })).toBeUndefined()
  expect(value({ kind: 'chain' })).toMatchObject({ height: BigInt(height) + 2n, prices: { compute: 0n } })
})

test('LED-19, LED-6, LED-16: headers, fields, transactions and receipts of old and new blocks are shown', () => {
  const world = createWorld()
  world.extend([world.transfers(3), world.transfers(4)])
  world.endEpochs(5)
  const core = world.client()
  const [, , , fourth] = world.idsIn(1)
  const receipt = { kind: 'receipt', id: fourth! } as const
  const shown = core.check(receipt, world.prove(receipt))
  expect(shown.value).toMatchObject({ status: 'success', id: fourth, payeeBalance: 4n })
  expect(shown.block).toMatchObject({ height: 1, id: world.block(1).id })
  const transaction = { kind: 'transaction', id: fourth! } as const
  expect(core.check(transaction, world.prove(transaction)).value).toBe(true)
  const header = { kind: 'header', height: 9 } as const
  expect(core.check(header, world.prove(header)).value).toEqual(summarize(world.block(9).header))
  const field = { kind: 'headerField', height: 8, field: 'nextCommitteeHash' } as const
  expect(core.check(field, world.prove(field)).value).toEqual(world.committee(3).hash)
})

for (const [size, scheme] of [
  [4, 'ed25519'],
  [34, 'BLS'],
] as const) {
  test(`CON-10, LED-19: ${scheme} committees are followed through ten epochs of changing members`, () => {
    const world = createWorld(sliding(size), {}, 2)
    world.endEpochs(10)
    const core = world.client()
    expect(core.nextEpoch()).toBe(10)
    expect(core.validators(11)).toEqual(world.committee(11).validators)
    const request = { kind: 'account', address: payer } as const
    const proof = world.prove(request)
    expect(core.check(request, proof).value).toMatchObject({ balance: 10n ** 20n })
    expect(core.newest()).toMatchObject({ height: 21 })
    if (scheme === 'BLS') expect(decodeProof(proof).finality.certificate.signature).toHaveLength(96)
  })
}

test('CON-10: a committee of another size, weight or scheme takes office at its epoch, and not before', () => {
  const membersOf = (epoch: number) =>
    epoch < 2 ? membersFrom(0, 1) : epoch === 2 ? [createMember(provider, 3, 7)] : membersFrom(0, 40)
  const world = createWorld(membersOf)
  world.endEpochs(4)
  const core = world.client()
  for (let height = 1; height <= 16; height++) {
    const request = { kind: 'header', height } as const
    expect(core.check(request, world.prove(request)).value.height).toBe(height)
  }
  const early = world.block(3).header
  const signed = certify(provider, world.light, world.committee(2), membersOf(2), summarize(early), [0])
  const header = { kind: 'header', height: 3 } as const
  const claim = (epoch: number) =>
    encodeProof({
      kind: 'header',
      header: summarize(early),
      finality: { epoch, certificate: signed, links: [] },
      content: new Uint8Array(0),
    })
  expect(errorOf(() => core.check(header, claim(0)))).toBe('CertificateInvalid')
  expect(errorOf(() => core.check(header, claim(2)))).toBe('CommitteeMismatch')
})

test('LED-19: certificates with too little weight, wrong signers, votes or rules are refused', () => {
  const weights = [5, 1, 1, 1]
  const members = weights.map((weight, i) => createMember(provider, i, weight))
  const world = createWorld(() => members)
  world.endEpochs(1)
  const core = world.client()
  const request = { kind: 'header', height: 2 } as const
  const header = summarize(world.block(2).header)
  const content = new Uint8Array(0)
  const finality = world.finality(2, [0, 1])
  const shown = (change: Partial<typeof finality.certificate>) => {
    const certificate = { ...finality.certificate, ...change }
    return encodeProof({ kind: 'header', header, finality: { ...finality, certificate }, content })
  }
  expect(core.check(request, shown({})).value.height).toBe(2)
  // A quorum of 8 is 6.
  const weak = (signers: readonly number[]) => world.finality(2, signers).certificate
  expect(errorOf(() => core.check(request, shown(weak([1, 2, 3]))))).toBe('WeightTooLow')
  expect(errorOf(() => core.check(request, shown(weak([0]))))).toBe('WeightTooLow')
  expect(errorOf(() => core.check(request, shown({ signers: [0, 2] })))).toBe('CertificateInvalid')
  expect(errorOf(() => core.check(request, shown({ signers: [0, 1, 900] })))).toBe('CertificateInvalid')
  expect(errorOf(() => core.check(request, shown({ rule: 'crash' })))).toBe('CommitteeMismatch')
  const { view } = header
  const { id } = world.block(2)
  for (const vote of [
    { kind: 'notarize', view, blockId: id } as const,
    { kind: 'nullify', view } as const,
    { kind: 'finalize', view, blockId: world.block(3).id } as const,
  ]) {
    expect(errorOf(() => core.check(request, shown({ vote })))).toBe('ProofWrong')
  }
  const vote = { kind: 'finalize', view: view + 1, blockId: id } as const
  expect(errorOf(() => core.check(request, shown({ vote })))).toBe('CertificateInvalid')
})

test('LED-19: a block is final through headers that lead to a certified one, and only if they follow each other', () => {
  const world = createWorld()
  world.endEpochs(1)
  const core = world.client()
  const request = { kind: 'header', height: 1 } as const
  const header = summarize(world.block(1).header)
  const links = [2, 3].map((height) => summarize(world.block(height).header))
  const shown = (some: typeof links, height: number) =>
    encodeProof({
      kind: 'header',
      header,
      finality: { ...world.finality(height), links: some },
      content: new Uint8Array(0),
    })
  expect(core.check(request, shown(links, 3)).block.id).toEqual(world.block(1).id)
  expect(errorOf(() => core.check(request, shown(links, 2)))).toBe('ProofWrong')
  expect(errorOf(() => core.check(request, shown(links.slice(1), 3)))).toBe('ProofWrong')
  expect(errorOf(() => core.check(request, shown([...links].reverse(), 3)))).toBe('ProofWrong')
})

test('LED-19: what another chain has decided is refused, whatever they have in common', () => {
  const world = createWorld(fixed(4))
  const other = createWorld(fixed(4), { chainId: 32n })
  const twin = createWorld(fixed(4), { timestamp: 1_000_001n })
  const request = { kind: 'account', address: payer } as const
  expect(errorOf(() => world.client().check(request, other.prove(request)))).toBe('ChainMismatch')
  expect(errorOf(() => world.client().check(request, twin.prove(request)))).toBe('CertificateInvalid')
  twin.endEpochs(1)
  const core = world.client()
  expect(errorOf(() => core.takeEpoch(twin.records[0]!))).toBe('CertificateInvalid')
  expect(core.nextEpoch()).toBe(0)
})

test('LED-19: rows never go back behind the newest block seen, nor behind a given time; receipts may be old', () => {
  const world = createWorld()
  world.extend([world.transfers(1)])
  const request = { kind: 'account', address: payer } as const
  const old = world.prove(request)
  const core = world.client()
  expect(core.check(request, old).block.height).toBe(2)
  world.extend()
  const { timestamp } = world.chain.head.header
  core.check(request, world.prove(request))
  expect(core.newest().height).toBe(4)
  expect(errorOf(() => core.check(request, old))).toBe('ProofStale')
  expect(core.check(request, old, { least: 2 }).block.height).toBe(2)
  const fresh = world.prove(request)
  expect(errorOf(() => core.check(request, fresh, { since: timestamp + 2_001n }))).toBe('ProofStale')
  expect(core.check(request, fresh, { since: timestamp + 2_000n }).block.height).toBe(5)
  const receipt = { kind: 'receipt', id: world.idsIn(1)[0]! } as const
  expect(core.check(receipt, world.prove(receipt), { since: timestamp + 9_999n }).block.height).toBe(1)
  const recovered = world.client({ start: { checkpoint: core.checkpoint() } })
  expect(errorOf(() => recovered.check(request, old))).toBe('ProofStale')
})

test('LED-8, LED-19: rows of another root, key, table or kind are refused', async () => {
  const world = createWorld()
  const utxo = await world.makeUtxo()
  const request = { kind: 'account', address: payer } as const
  const proof = decodeProof(world.prove(request))
  world.extend([world.transfers(1)])
  const later = decodeProof(world.prove(request))
  const core = world.client()
  const check = (asked: ProofRequest, shown: typeof proof) =>
    errorOf(() => core.check(asked, encodeProof(shown), { least: 0 }))
  expect(check(request, later)).toBe('none')
  expect(check(request, { ...later, content: proof.content })).toBe('ProofWrong')
  expect(check(request, { ...later, kind: 'balance' })).toBe('ProofWrong')
  expect(check({ kind: 'account', address: wallet }, later)).toBe('ProofWrong')
  expect(check({ kind: 'account', address: stranger }, later)).toBe('ProofWrong')
  expect(check({ kind: 'balance', owner: payer, asset: olive }, later)).toBe('ProofWrong')
  // The same rows under another name, with the row of the other table in it.
  expect(check({ kind: 'balance', owner: payer, asset: olive }, { ...later, kind: 'balance' })).toBe(
    'ProofWrong',
  )
  const row = { kind: 'utxo', id: utxo } as const
  const unspent = decodeProof(world.prove(row))
  expect(check(row, unspent)).toBe('none')
  expect(check({ kind: 'storage', key: utxo }, { ...unspent, kind: 'storage' })).toBe('ProofWrong')
  const absent = { kind: 'account', address: stranger } as const
  const gap = decodeProof(world.prove(absent))
  expect(check(absent, gap)).toBe('none')
  expect(check({ kind: 'account', address: payee }, gap)).toBe('ProofWrong')
})

test('LED-8, LED-16, LED-19: a proof of one asset, block or transaction shows nothing of another', () => {
  const world = createWorld()
  world.extend([world.transfers(2)])
  world.extend([world.transfers(2)])
  const core = world.client()
  const [first, second] = world.idsIn(1)
  const check = (shown: ProofRequest, asked: ProofRequest) => {
    const proof = decodeProof(world.prove(shown))
    return errorOf(() => core.check(asked, encodeProof({ ...proof, kind: asked.kind })))
  }
  const asset = (number: number) => ({ kind: 'asset', asset: asAssetId(number) }) as const
  expect(check(asset(0), asset(1))).toBe('ProofWrong')
  expect(check(asset(1), asset(0))).toBe('ProofWrong')
  expect(check({ kind: 'recent', height: 1 }, { kind: 'recent', height: 2 })).toBe('ProofWrong')
  expect(check({ kind: 'receipt', id: first! }, { kind: 'receipt', id: second! })).toBe('ProofWrong')
  expect(check({ kind: 'transaction', id: first! }, { kind: 'transaction', id: second! })).toBe('ProofWrong')
  expect(check({ kind: 'receipt', id: first! }, { kind: 'transaction', id: first! })).toBe('ProofMalformed')
  expect(check({ kind: 'header', height: 1 }, { kind: 'header', height: 2 })).toBe('ProofWrong')
  const field = (name: 'stateRoot' | 'receiptsRoot') =>
    ({ kind: 'headerField', height: 1, field: name }) as const
  expect(check(field('stateRoot'), field('receiptsRoot'))).toBe('ProofWrong')
  const named = decodeProof(world.prove(field('stateRoot')))
  const misnamed = { ...named, content: Uint8Array.of(0, ...named.content.subarray(1)) }
  expect(errorOf(() => core.check(field('stateRoot'), encodeProof(misnamed)))).toBe('ProofWrong')
  const header = decodeProof(world.prove({ kind: 'header', height: 1 }))
  const tail = { ...header, content: new Uint8Array(1) }
  expect(errorOf(() => core.check({ kind: 'header', height: 1 }, encodeProof(tail)))).toBe('ProofMalformed')
})

test('LED-19: the receipt of a transaction that a block passes over is no receipt of it', () => {
  const world = createWorld()
  const twice = world.transfers(1)
  world.extend([twice])
  world.extend([twice])
  const core = world.client()
  const [id] = world.idsIn(2)
  const request = { kind: 'receipt', id: id! } as const
  expect(core.check(request, world.prove(request)).value.status).toBe('success')
  const skipped = world.proveReceiptAt(2, 0)
  expect(errorOf(() => core.check(request, skipped))).toBe('ProofWrong')
})

test('CON-10, LED-19: records of epochs out of order, of other members, heights or certificates are refused', () => {
  const world = createWorld()
  world.endEpochs(3)
  const core = createLightCore({
    provider,
    chain: world.light,
    start: { validators: world.committee(0).validators },
    keepEpochs: 8,
  })
  const refused = (bytes: Uint8Array) => {
    const before = core.checkpoint()
    const error = errorOf(() => core.takeEpoch(bytes))
    expect(core.checkpoint()).toEqual(before)
    return error
  }
  const [first, second] = world.records
  expect(refused(second!)).toBe('CommitteeMismatch')
  const record = decodeEpochRecord(first!)
  expect(refused(encodeEpochRecord({ ...record, elected: world.committee(0).validators }))).toBe(
    'CommitteeMismatch',
  )
  expect(refused(encodeEpochRecord({ ...record, elected: [] }))).toBe('CommitteeInvalid')
  const other = { ...record, header: summarize(world.block(3).header) }
  expect(refused(encodeEpochRecord({ ...other, proof: encodeFinality(world.finality(3)) }))).toBe(
    'CommitteeMismatch',
  )
  expect(refused(encodeEpochRecord({ ...record, proof: encodeFinality(world.finality(3)) }))).toBe(
    'ProofWrong',
  )
  const weak = encodeFinality(world.finality(4, [0, 1]))
  expect(refused(encodeEpochRecord({ ...record, proof: weak }))).toBe('WeightTooLow')
  core.takeEpoch(first!)
  expect(core.nextEpoch()).toBe(1)
  expect(refused(first!)).toBe('CommitteeMismatch')
})

test('CON-10: only the last block of an epoch elects, whatever another one says', () => {
  const world = createWorld()
  const elected = world.committee(2)
  const { header, id } = world.extend([], elected.hash)
  const proof = encodeFinality(world.finality(1))
  const { validators } = elected
  const record = encodeEpochRecord({ epoch: 0, header: summarize(header), id, proof, elected: validators })
  const core = world.client()
  expect(errorOf(() => core.takeEpoch(record))).toBe('CommitteeMismatch')
  expect(core.nextEpoch()).toBe(0)
})

test('LED-19: what was decided in epochs that are not known yet, or no more, is told apart from what is false', () => {
  const world = createWorld()
  world.endEpochs(6)
  const late = { kind: 'header', height: 24 } as const
  const early = { kind: 'header', height: 1 } as const
  const start = { validators: world.committee(0).validators }
  const fresh = createLightCore({ provider, chain: world.light, start, keepEpochs: 2 })
  expect(errorOf(() => fresh.check(late, world.prove(late)))).toBe('EpochUnknown')
  expect(fresh.check(early, world.prove(early)).value.height).toBe(1)
  for (const record of world.records) fresh.takeEpoch(record)
  expect(errorOf(() => fresh.check(early, world.prove(early)))).toBe('EpochUnknown')
  world.extend()
  const newest = { kind: 'header', height: 25 } as const
  expect(fresh.check(newest, world.prove(newest)).value.height).toBe(25)
  expect(errorOf(() => createLightCore({ provider, chain: world.light, start, keepEpochs: 1 }))).toBe(
    'OptionInvalid',
  )
})

test('LED-19: a client goes on from its checkpoint, and from no other chain or damaged one', () => {
  const world = createWorld()
  world.endEpochs(3)
  const core = world.client()
  const checkpoint = core.checkpoint()
  world.endEpochs(6)
  const later = world.client({ start: { checkpoint } })
  expect(later.nextEpoch()).toBe(6)
  expect(later.newest()).toEqual({
    height: 24,
    id: world.block(24).id,
    timestamp: world.block(24).header.timestamp,
  })
  const start = { checkpoint }
  const begin = (changes: Partial<typeof world.light>, bytes = checkpoint) =>
    errorOf(() =>
      createLightCore({
        provider,
        chain: { ...world.light, ...changes },
        start: { ...start, checkpoint: bytes },
        keepEpochs: 8,
      }),
    )
  expect(begin({})).toBe('none')
  expect(begin({ chainId: asChainId(1n) })).toBe('CheckpointInvalid')
  expect(begin({ genesisId: asHash(new Uint8Array(32)) })).toBe('CheckpointInvalid')
  expect(begin({ epochBlocks: 5 })).toBe('CheckpointInvalid')
  expect(begin({ quorumRule: 'crash' })).toBe('CheckpointInvalid')
  for (let length = 0; length < checkpoint.length; length += 7) {
    expect(begin({}, checkpoint.slice(0, length))).toBe('CheckpointInvalid')
  }
  const tail = createWriter().fixed(checkpoint.subarray(0, -32)).u8(0).done()
  expect(begin({}, createWriter().fixed(tail).fixed(provider.sha256(tail)).done())).toBe('CheckpointInvalid')
})

test('QLT-6, LED-19: truncated, lengthened and oversized proofs and records get typed errors', () => {
  const world = createWorld()
  const request = { kind: 'account', address: stranger } as const
  const proof = world.prove(request)
  const core = world.client()
  const malformed = ['ProofMalformed', 'BlockMalformed', 'ConsensusBytesMalformed']
  for (let length = 0; length < proof.length; length++) {
    expect(malformed).toContain(errorOf(() => core.check(request, proof.slice(0, length))))
  }
  const longer = createWriter().fixed(proof).u8(0).done()
  expect(errorOf(() => core.check(request, longer))).toBe('ProofMalformed')
  expect(errorOf(() => core.check(request, new Uint8Array(maxProofBytes + 1)))).toBe('ProofMalformed')
  world.endEpochs(1)
  const [record] = world.records
  for (let length = 0; length < record!.length; length++) {
    expect(malformed).toContain(errorOf(() => core.takeEpoch(record!.slice(0, length))))
  }
  expect(errorOf(() => core.takeEpoch(createWriter().fixed(record!).u8(0).done()))).toBe('ProofMalformed')
  core.takeEpoch(record!)
})
