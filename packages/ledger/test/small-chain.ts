import { asAddress, asAssetId, asChainId, asHash, asHeight, type Hash, maxAmount, toHex } from '@banyan/base'
import { type CryptoProvider, ed25519Address, secp256k1Address } from '@banyan/crypto'
import { native } from '@banyan/crypto/native'
import {
  accountFlags,
  accountKey,
  assetFlags,
  bindAbi,
  buildBlock,
  type Call,
  type Chain,
  createChain,
  createCollection,
  type DescribedBatch,
  defineContract,
  defineTable,
  describeBatch,
  type ExecutedBlock,
  encodeEnvelope,
  finalize,
  funds,
  type Genesis,
  generalBatch,
  type Native,
  type NativeBody,
  nativeId,
  type PackageItem,
  packItems,
  type Receipt,
  readReceipt,
  type Signature,
  signEd25519,
  signEthereum,
  signPackage,
  signSponsorship,
  signTransfer,
  tables,
  transferBatch,
  type UnsignedEthereum,
  type UnsignedPackage,
  type UnsignedTransfer,
  utxos,
  writes,
} from '@banyan/ledger'
import { callData } from '@banyan/testing/contract-calls'
import * as Abi from 'ox/Abi'

/** A chain with a few accounts, and signed transactions for it. Keys are numbers. */

export const provider = native
export const seedOf = (key: number): Uint8Array => new Uint8Array(32).fill(key)
export const addressOf = (key: number) => ed25519Address(native, native.ed25519.publicKey(seedOf(key)))
export const ethereumAddress = (key: number) =>
  secp256k1Address(native, native.secp256k1.publicKey(seedOf(key)))
export const filled = (byte: number) => asAddress(new Uint8Array(20).fill(byte))
export const proposer = filled(0xee)

/** Keys of accounts: alice is number 1 in the state, bob 2, carol (who delegates to alice) 3, guarded 4. */
export const alice = 1
export const bob = 2
export const carol = 3
export const guarded = 4
export const poor = 5
/** Key of an account of Ethereum's kind. */
export const wallet = 6
/** No account has this key. */
export const stranger = 7
/** Assets: usable, and paused. */
export const usable = asAssetId(1)
export const paused = asAssetId(2)

export const oneFig = 10n ** 18n

const rulesAbi = Abi.from([
  'function guard()',
  'function store(uint32 key, uint256 value)',
  'function drop(uint32 key)',
  'function say(uint32 count)',
  'function mint(uint128 amount)',
  'function spend(bytes32 id)',
  'event Said(uint32 indexed number, string text)',
])
const bound = bindAbi(rulesAbi)
const values = defineTable({ id: 1, name: 'values', key: { key: 'uint32' }, row: { value: 'uint256' } })

/** Puts accounts under a policy that wants two signatures, and touches every kind of row. */
const rules = defineContract({
  name: 'rules',
  summary: 'For tests.',
  version: 1,
  address: filled(0xaa),
  abi: rulesAbi,
  tables: [values],
  interfaces: {
    'authorize/1': {
      run: (_, { signers }) => (signers.length < 2 ? 'two must sign' : undefined),
      keys: () => [],
    },
  },
  methods: {
    guard: {
      gas: 10,
      run: (context) => funds.setAccountRules(context, context.caller, { flags: accountFlags.policy }),
      keys: (context) => writes(accountKey(context.caller)),
    },
    store: {
      gas: 10,
      run: (context, { key, value }) => tables.set(context, values, { key }, { value }),
      keys: (context, { key }) => tables.writeKeys(context, values, { key }),
    },
    drop: {
      gas: 10,
      run: (context, { key }) => tables.set(context, values, { key }, { value: 0n }),
      keys: (context, { key }) => tables.writeKeys(context, values, { key }),
    },
    say: {
      gas: 10,
      run: (context, { count }) => {
        for (let number = 0; number < count; number++) bound.emit(context, 'Said', { number, text: 'hi' })
      },
      keys: () => [],
    },
    mint: {
      gas: 10,
      run: (context, { amount }) => {
        const part = { owner: context.caller, asset: asAssetId(0), toAccounts: [] }
        utxos.convert(context, {
          ...part,
          inputs: [],
          fromAccount: amount,
          outputs: [{ owner: context.caller, amount }],
        })
      },
      keys: () => undefined,
    },
    spend: {
      gas: 10,
      run: (context, { id }) => {
        const utxo = utxos.find(context, asHash(id))!
        const toAccounts = [{ owner: utxo.owner, amount: utxo.amount }]
        utxos.convert(context, {
          owner: utxo.owner,
          asset: utxo.asset,
          inputs: [utxo],
          fromAccount: 0n,
          outputs: [],
          toAccounts,
        })
      },
      keys: () => undefined,
    },
  },
})

export const callRules = (name: string, args: Record<string, unknown> = {}): Call => ({
  to: rules.address,
  value: 0n,
  data: callData(rulesAbi, name as never, args as never),
})

const asset = (symbol: string, flags: number) => ({
  issuer: addressOf(alice),
  flags,
  decimals: 2,
  cap: maxAmount,
  metadataHash: asHash(new Uint8Array(32).fill(8)),
  name: symbol.toLowerCase(),
  symbol,
  holders: [
    { owner: addressOf(alice), amount: 1_000n },
    { owner: addressOf(carol), amount: 500n },
  ],
})

export const genesis: Genesis = {
  chainId: 77n,
  timestamp: 1_000n,
  fees: {
    start: { compute: 1_000_000n, bytes: 1_000_000n, state: 1_000_000n },
    floor: { compute: 1_000n, bytes: 1_000n, state: 1_000n },
    limit: { compute: 4_000_000, bytes: 20_000_000, state: 8_000_000 },
  },
  maxRows: 1_000_000,
  accounts: [
    { address: addressOf(alice), balance: 100n * oneFig },
    { address: addressOf(bob), balance: 50n * oneFig },
    { address: addressOf(carol), balance: 20n * oneFig, delegate: addressOf(alice) },
    { address: addressOf(guarded), balance: 10n * oneFig },
    { address: addressOf(poor), balance: 5n },
    { address: ethereumAddress(wallet), balance: 30n * oneFig },
  ],
  assets: [asset('USABLE', 0), asset('PAUSED', assetFlags.pausable | assetFlags.paused)],
}

export const collection = createCollection(1, [rules])

/** A new chain at its genesis. */
export function newChain(crypto: CryptoProvider = native, changes: Partial<Genesis> = {}): Chain {
  return createChain({
    genesis: { ...genesis, ...changes },
    provider: crypto,
    collection,
    memory: 'private',
    capacity: { accounts: 32, balances: 32, utxos: 32, storage: 32 },
  })
}

let nonces = 0n

type Changes<Fields> = Partial<Fields> & { readonly key?: number; readonly domain?: Hash }

const common = (chain: Chain) => ({
  mark: chain.head.id,
  nonce: nonces++,
  validUntil: asHeight(BigInt(chain.head.header.height + 10)),
  asset: asAssetId(0),
  maxFee: 1_000_000,
  tip: 3,
})

/** 193 bytes. */
export function transfer(chain: Chain, changes: Changes<UnsignedTransfer> = {}): Uint8Array {
  const { key = alice, domain = chain.domains.transfer, ...fields } = changes
  const unsigned = { ...common(chain), payee: addressOf(bob), amount: 7n, ...fields }
  return encodeEnvelope(signTransfer(native, domain, unsigned, seedOf(key)))
}

export type PackageChanges = Changes<Omit<UnsignedPackage, 'items'>> & {
  readonly items?: readonly PackageItem[]
}

export function pack(chain: Chain, changes: PackageChanges = {}): Uint8Array {
  const {
    key = alice,
    domain = chain.domains.package,
    items = [{ payer: 1, payee: 2, amount: 1n }],
    ...fields
  } = changes
  const unsigned = { ...common(chain), mode: 'atomic' as const, ...fields, items: packItems(items) }
  return encodeEnvelope(signPackage(native, domain, unsigned, seedOf(key)))
}

export type NativeChanges = Partial<NativeBody> & {
  readonly keys?: readonly number[]
  readonly domain?: Hash
  readonly sponsorKey?: number
  readonly sponsorCap?: bigint
  readonly signatures?: readonly Signature[]
}

export function nativeCall(chain: Chain, changes: NativeChanges = {}): Uint8Array {
  const {
    keys = [alice],
    domain = chain.domains.native,
    sponsorKey,
    sponsorCap = oneFig,
    signatures,
    ...fields
  } = changes
  const body: NativeBody = {
    chainId: chain.domains.chainId,
    account: addressOf(keys[0] ?? alice),
    mark: chain.head.id,
    validUntil: asHeight(BigInt(chain.head.header.height + 10)),
    nonce: nonces++,
    gasLimit: 300_000n,
    maxFeePerGas: 5_000_000n,
    tipPerGas: 1_000n,
    sponsor: asAddress(new Uint8Array(20)),
    calls: [{ to: addressOf(bob), value: 9n, data: new Uint8Array(0) }],
    accessKeys: [],
    postConditions: [],
    ...fields,
  }
  const id = nativeId(native, domain, body)
  const promise = (digest: Uint8Array) => signEd25519(native, digest, seedOf(sponsorKey!))
  const tx: Native = {
    kind: 'native',
    body,
    signatures: signatures ?? keys.map((key) => signEd25519(native, id, seedOf(key))),
    sponsor:
      sponsorKey === undefined
        ? []
        : [signSponsorship(native, chain.domains.sponsor, id, sponsorCap, promise)],
  }
  return encodeEnvelope(tx)
}

export function ethereum(
  chain: Chain,
  changes: Partial<UnsignedEthereum> & { readonly key?: number } = {},
): Uint8Array {
  const { key = wallet, ...fields } = changes
  const nonce = accountOf(chain, ethereumAddress(key)).nonce
  const unsigned: UnsignedEthereum = {
    type: 2,
    chainId: asChainId(genesis.chainId),
    nonce,
    maxFeePerGas: 5_000_000n,
    maxPriorityFeePerGas: 1_000n,
    gasLimit: 200_000n,
    to: addressOf(bob),
    value: 11n,
    data: new Uint8Array(0),
    accessList: [],
    ...fields,
  }
  return encodeEnvelope(signEthereum(native, unsigned, seedOf(key)))
}

/** Nonce and FIG balance of an account, zero if it is absent. */
export function accountOf(chain: Chain, address: Uint8Array): { nonce: bigint; balance: bigint } {
  const { accounts } = chain.state
  const row = accounts.find(new Uint32Array(new Uint8Array([...address]).buffer), 0)
  if (row < 0) return { nonce: 0n, balance: 0n }
  const view = new DataView(accounts.rows.bytes.slice(row * 64, row * 64 + 64).buffer)
  const balance = view.getBigUint64(32, true) + (view.getBigUint64(40, true) << 64n)
  return { nonce: view.getBigUint64(24, true), balance }
}

/** The envelopes in batches: runs of transfers, and runs of everything else. */
export function batchesOf(chain: Chain, envelopes: readonly Uint8Array[]): DescribedBatch[] {
  const runs: Uint8Array[][] = []
  for (const [i, envelope] of envelopes.entries()) {
    const before = envelopes[i - 1]
    const isSame = before !== undefined && (before[0] === 0x7a) === (envelope[0] === 0x7a)
    if (isSame) runs.at(-1)!.push(envelope)
    else runs.push([envelope])
  }
  return runs.map((run) => {
    const isTransfers = run[0]![0] === 0x7a
    const batch = isTransfers
      ? transferBatch(Uint8Array.from(run.flatMap((envelope) => [...envelope.subarray(1)])))
      : generalBatch(run)
    return describeBatch(native, chain.domains, batch)
  })
}

/** Adds a block with these transactions, whose signatures are not checked. */
export function addBlock(
  chain: Chain,
  envelopes: readonly Uint8Array[],
  batches = batchesOf(chain, envelopes),
): ExecutedBlock {
  const { height, timestamp } = chain.head.header
  return buildBlock(chain, { batches, proposer, timestamp: timestamp + 1n, view: height + 5 })
}

/** Adds blocks without transactions; all but the last one are final. */
export function addEmptyBlocks(chain: Chain, count: number): void {
  for (let i = 0; i < count; i++) {
    finalize(chain, chain.head.header.height)
    addBlock(chain, [])
  }
}

export function receiptsOf(block: ExecutedBlock): Receipt[] {
  return Array.from({ length: block.header.transactionCount }, (_, i) => readReceipt(block.receipts, i))
}

/** Everything in the state that does not name blocks, as text. */
export function contentOf(chain: Chain): Record<string, string> {
  const { state } = chain
  const content = Object.fromEntries(
    [...state.keyedTables.map(({ rows }) => rows), state.assets].map((rows) => [
      rows.name,
      `${rows.length}/${rows.freeHead}:${toHex(rows.bytes.slice(0, rows.length * rows.rowBytes))}`,
    ]),
  )
  const chainRow = state.chain.bytes.slice(0, 256).fill(0, 64, 96)
  const recent = state.recent.bytes.slice((chain.head.header.height % 64) * 128).subarray(32, 64)
  return { ...content, chain: toHex(chainRow), ids: toHex(recent) }
}
