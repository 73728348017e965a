/** Interfaces and addresses of the genesis contracts without the contracts: this entry loads in a browser as it is. */
export { accountAbi } from './account/abi.js'
export { assetAddress, assetAt, assetPrefix, contractAddress } from './addresses.js'
export { pricesAbi } from './prices/abi.js'
export { tokenAbi } from './token/abi.js'
export { factoryAbi } from './token/factory-abi.js'
export { utxoAbi } from './utxo/abi.js'
export { validatorsAbi } from './validators/abi.js'
