import { type Address, asHash } from '@banyan/base'
import {
  assetFlags,
  assets,
  bindAbi,
  type CallContext,
  defineContract,
  revert,
  textLength,
} from '@banyan/ledger'
import { assetAddress, contractAddress } from '../addresses.js'
import { factoryAbi } from './factory-abi.js'
import { mintTokens } from './ledger.js'

const factory = bindAbi(factoryAbi)

/** Issuer powers that may be chosen at creation. */
const powers = assetFlags.mintable | assetFlags.burnable | assetFlags.pausable

/** Names and symbols are shown to people: no control characters, and they fit their fields. */
function requireText(field: string, text: string): void {
  const length = textLength(text)
  if (length === 0 || length > 31) revert(`${field} must have 1 to 31 bytes`)
  for (const character of text) {
    const code = character.codePointAt(0)!
    if (code < 0x20 || code === 0x7f) revert(`${field} must not contain control characters`)
  }
}

type Creation = {
  readonly name: string
  readonly symbol: string
  readonly decimals: number
  readonly initialSupply: bigint
  readonly cap: bigint
  readonly flags: number
  readonly metadataHash: Uint8Array
}

function createAsset(context: CallContext, creation: Creation): Address {
  const { name, symbol, decimals, initialSupply, cap, flags, metadataHash } = creation
  requireText('name', name)
  requireText('symbol', symbol)
  if ((flags & ~powers) !== 0) revert('unknown flags')
  if (initialSupply > cap) revert('initial supply above the cap')
  if ((flags & assetFlags.mintable) === 0 && initialSupply !== cap) {
    revert('the cap of an asset that cannot be minted is its initial supply')
  }
  const issuer = context.caller
  const hash = asHash(metadataHash)
  const id = assets.create(context, { issuer, flags, decimals, cap, metadataHash: hash, name, symbol })
  const asset = assetAddress(id)
  factory.emit(context, 'AssetCreated', { asset, issuer, name, symbol, decimals, cap, flags, metadataHash })
  if (initialSupply > 0n) mintTokens({ ...context, self: asset }, issuer, initialSupply)
  return asset
}

export const factoryContract = defineContract({
  name: 'factory',
  summary: 'Creates assets. Whoever creates one is its issuer and receives its initial supply.',
  version: 1,
  address: contractAddress('banyan/factory'),
  abi: factoryAbi,
  tables: [],
  methods: {
    create: {
      gas: 500,
      run: createAsset,
      // The number of the new asset, and so the balance it is minted to, depends on the state.
      keys: () => undefined,
    },
  },
})
