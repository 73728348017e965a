import { type Address, asAddress, asHash, fig } from '@banyan/base'
import {
  bindAbi,
  callContract,
  createCollection,
  defineContract,
  defineTable,
  funds,
  type Host,
  hostCrypto,
  revert,
  tables,
  utxos,
} from '@banyan/ledger'
import { addressOf, callData, testCrypto } from '@banyan/testing/contract-calls'
import * as Abi from 'ox/Abi'

export const probeAbi = Abi.from([
  'struct Pair { address owner; uint128 amount; }',
  'function store(uint32 key, uint256 value)',
  'function load(uint32 key) view returns (uint256)',
  'function storeWide(bytes32 head, bytes32 middle, bytes32 tail)',
  'function pay(address to, uint256 amount) payable',
  'function nest(address to, bytes data, uint32 key) returns (bool success, bytes data)',
  'function deepen() returns (bool)',
  'function burnGas(uint32 gas)',
  'function failPlain(string reason)',
  'function failTyped(uint256 code)',
  'function defect()',
  'function writeInView() view',
  'function chatter(uint32 count)',
  'function echo(uint8 small, bool flag, bytes raw, string text, Pair[] pairs, bytes32[] ids) pure returns (uint8, bool, bytes, string, (address owner, uint128 amount)[], bytes32[])',
  'function whoami() view returns (address caller, address self, address origin, uint64 height, uint64 timestamp, uint64 chainId, address proposer)',
  'function hidden()',
  'function verify(uint8 kind, bytes key, bytes32 digest, bytes signature) view returns (address, bool)',
  'function mintUtxo(uint128 amount) returns (bytes32)',
  'event Said(uint32 indexed number, string text)',
  'error Code(uint256 code)',
])

const probe = bindAbi(probeAbi)

const values = defineTable({ id: 1, name: 'values', key: { key: 'uint32' }, row: { value: 'uint256' } })

export const wide = defineTable({
  id: 2,
  name: 'wide',
  key: {},
  row: { head: 'bytes32', more: 'bytes32', middle: 'bytes32', rest: 'bytes32', tail: 'bytes32' },
})

export const probeAddress = addressOf(0xaa)

const nothing = () => []

export const probeContract = defineContract({
  name: 'probe',
  summary: 'Exercises the host.',
  version: 1,
  address: probeAddress,
  abi: probeAbi,
  tables: [values, wide],
  methods: {
    store: {
      gas: 10,
      run: (context, { key, value }) => tables.set(context, values, { key }, { value }),
      keys: (context, { key }) => tables.writeKeys(context, values, { key }),
    },
    load: {
      gas: 10,
      run: (context, { key }) => tables.get(context, values, { key }).value,
      keys: (context, { key }) => tables.readKeys(context, values, { key }),
    },
    storeWide: {
      gas: 10,
      run: (context, { head, middle, tail }) => {
        const zero = new Uint8Array(32)
        tables.set(context, wide, {}, { head, more: zero, middle, rest: zero, tail })
      },
      keys: (context) => tables.writeKeys(context, wide, {}),
    },
    pay: {
      gas: 10,
      run: (context, { to, amount }) => funds.move(context, context.caller, to, fig, amount),
      keys: () => undefined,
    },
    nest: {
      gas: 10,
      run: (context, { to, data, key }) => {
        const outcome = callContract(context, to, data)
        tables.set(context, values, { key }, { value: 1n })
        return [outcome.success, outcome.returnData] as const
      },
      keys: () => undefined,
    },
    deepen: {
      gas: 10,
      run: (context) => callContract(context, context.self, deepenData).success,
      keys: nothing,
    },
    burnGas: {
      gas: 10,
      run: (context, { gas }) => {
        for (let i = 0; i < gas; i++) hostCrypto.sha256(context, new Uint8Array(0))
      },
      keys: nothing,
    },
    failPlain: { gas: 10, run: (_, { reason }) => revert(reason), keys: nothing },
    failTyped: { gas: 10, run: (_, { code }) => probe.revertWith('Code', { code }), keys: nothing },
    defect: {
      gas: 10,
      run: () => {
        const missing: { readonly field?: { readonly deep: number } } = {}
        missing.field!.deep.toString()
      },
      keys: nothing,
    },
    writeInView: {
      gas: 10,
      run: (context) => tables.set(context, values, { key: 1 }, { value: 1n }),
      keys: nothing,
    },
    chatter: {
      gas: 10,
      run: (context, { count }) => {
        for (let number = 0; number < count; number++) probe.emit(context, 'Said', { number, text: 'hi' })
      },
      keys: nothing,
    },
    echo: {
      gas: 10,
      run: (_, { small, flag, raw, text, pairs, ids }) => [small, flag, raw, text, pairs, ids] as const,
      keys: nothing,
    },
    whoami: {
      gas: 10,
      run: ({ caller, self, origin, block }) =>
        [caller, self, origin, block.height, block.timestamp, block.chainId, block.proposer] as const,
      keys: nothing,
    },
    hidden: {
      gas: 10,
      run: (context) => tables.set(context, values, { key: 9 }, { value: 9n }),
      keys: () => undefined,
    },
    verify: {
      gas: 10,
      run: (context, { kind, key, digest, signature }) => {
        const none: Address = asAddress(new Uint8Array(20))
        if (kind === 0) return [none, hostCrypto.verifyEd25519(context, key, digest, signature)] as const
        if (kind === 1) return [none, hostCrypto.verifyP256(context, key, digest, signature)] as const
        return [hostCrypto.recoverSecp256k1(context, asHash(digest), signature) ?? none, true] as const
      },
      keys: nothing,
    },
    mintUtxo: {
      gas: 10,
      run: (context, { amount }) => {
        const [created] = utxos.convert(context, {
          owner: context.caller,
          asset: fig,
          inputs: [],
          fromAccount: amount,
          outputs: [{ owner: context.caller, amount }],
          toAccounts: [],
        })
        return created!.id
      },
      keys: () => undefined,
    },
  },
})

const deepenData = callData(probeAbi, 'deepen', {})

export const probeHost: Host = { collection: createCollection(1, [probeContract]), crypto: testCrypto }
