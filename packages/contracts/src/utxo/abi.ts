import * as Abi from 'ox/Abi'

export const utxoAbi = Abi.from([
  'struct Share { address owner; uint128 amount; }',
  'struct Part { uint32 asset; bytes32[] inputs; uint128 fromAccount; Share[] outputs; Share[] toAccounts; }',
  'function deposit(uint32 asset, Share[] outputs) returns (bytes32[] ids)',
  'function withdraw(uint32 asset, bytes32[] inputs, address to)',
  'function spend(Part[] parts) returns (bytes32[] ids)',
  'function utxo(bytes32 id) view returns (address owner, uint32 asset, uint128 amount, uint64 height)',
  'function utxosOf(address owner, uint32 limit) view returns (bytes32[] ids)',
  'event UtxoCreated(bytes32 indexed id, address indexed owner, uint32 indexed asset, uint128 amount)',
  'event UtxoSpent(bytes32 indexed id, address indexed owner, uint32 indexed asset, uint128 amount)',
  'error TooMany(string what, uint256 limit)',
  'error InputUnavailable(bytes32 id)',
  'error InputRepeated(bytes32 id)',
  'error AssetMismatch(bytes32 id, uint32 asset)',
  'error AssetRepeated(uint32 asset)',
  'error AmountZero()',
  'error OwnerZero()',
  'error InsufficientInputs(uint32 asset, uint256 available, uint256 needed)',
])
