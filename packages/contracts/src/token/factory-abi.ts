import * as Abi from 'ox/Abi'

/** Creation of assets. */
export const factoryAbi = Abi.from([
  'function create(string name, string symbol, uint8 decimals, uint128 initialSupply, uint128 cap, uint32 flags, bytes32 metadataHash) returns (address asset)',
  'event AssetCreated(address indexed asset, address indexed issuer, string name, string symbol, uint8 decimals, uint256 cap, uint32 flags, bytes32 metadataHash)',
])
