import { asAssetId, asHash } from '@banyan/base'
import {
  accountFlags,
  accountKey,
  assets,
  bindAbi,
  type Call,
  defineContract,
  defineTable,
  funds,
  tables,
  utxos,
  writes,
} from '@banyan/ledger'
import { callData } from '@banyan/testing/contract-calls'
import * as Abi from 'ox/Abi'
import { filled } from './people.js'

const rulesAbi = Abi.from([
  'function guard()',
  'function store(uint32 key, uint256 value)',
  'function drop(uint32 key)',
  'function say(uint32 count)',
  'function mint(uint128 amount)',
  'function spend(bytes32 id)',
  'function issue()',
  'event Said(uint32 indexed number, string text)',
])
const bound = bindAbi(rulesAbi)
const values = defineTable({ id: 1, name: 'values', key: { key: 'uint32' }, row: { value: 'uint256' } })

/** Puts accounts under a policy that wants two signatures, and touches every kind of row. */
export const rules = defineContract({
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
    issue: {
      gas: 10,
      run: (context) => {
        assets.create(context, {
          issuer: context.caller,
          flags: 0,
          decimals: 0,
          cap: 1n,
          metadataHash: asHash(new Uint8Array(32)),
          name: 'one',
          symbol: 'ONE',
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
