import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { concatBytes, fromHex, type Hex, toHex } from '@banyan/base'
import { createEVM } from '@ethereumjs/evm'
import { Address } from '@ethereumjs/util'
import * as AbiParameters from 'ox/AbiParameters'

const require = createRequire(import.meta.url)

type Compiler = {
  readonly compile: (input: string, callbacks: { import: (path: string) => object }) => string
}

function compileReference(): Uint8Array {
  const compiler = require('solc') as Compiler
  const source = readFileSync(new URL('../reference/ReferenceToken.sol', import.meta.url), 'utf8')
  const input = {
    language: 'Solidity',
    sources: { 'ReferenceToken.sol': { content: source } },
    settings: {
      evmVersion: 'cancun',
      optimizer: { enabled: true },
      outputSelection: { '*': { '*': ['evm.bytecode.object'] } },
    },
  }
  const output = JSON.parse(
    compiler.compile(JSON.stringify(input), {
      import: (path) => ({ contents: readFileSync(require.resolve(path), 'utf8') }),
    }),
  )
  const compiled = output.contracts?.['ReferenceToken.sol']?.ReferenceToken
  if (compiled === undefined) throw new Error(JSON.stringify(output.errors))
  return fromHex(compiled.evm.bytecode.object)!
}

export type ReferenceOutcome = {
  readonly success: boolean
  readonly returnData: Hex
  readonly logs: readonly { readonly topics: readonly Hex[]; readonly data: Hex }[]
}

export type ReferenceToken = {
  readonly address: Uint8Array
  readonly call: (caller: Uint8Array, data: Uint8Array, timestamp: bigint) => Promise<ReferenceOutcome>
}

/** OpenZeppelin's token on a real EVM. */
export async function deployReference(options: {
  readonly name: string
  readonly symbol: string
  readonly initialSupply: bigint
  readonly cap: bigint
  readonly issuer: Uint8Array
}): Promise<ReferenceToken> {
  const { name, symbol, initialSupply, cap, issuer } = options
  const evm = await createEVM()
  const types = AbiParameters.from('string, string, uint256, uint256, address')
  const args = AbiParameters.encode(types, [name, symbol, initialSupply, cap, toHex(issuer)])
  const data = concatBytes(compileReference(), fromHex(args)!)
  const created = await evm.runCall({ caller: new Address(issuer), data, gasLimit: 30_000_000n })
  if (created.createdAddress === undefined) throw new Error(String(created.execResult.exceptionError))
  const to = created.createdAddress

  return {
    address: to.bytes,
    call: async (caller, callData, timestamp) => {
      const header = {
        number: 1n,
        coinbase: to,
        timestamp,
        difficulty: 0n,
        prevRandao: new Uint8Array(32),
        gasLimit: 30_000_000n,
        baseFeePerGas: 0n,
        getBlobGasPrice: () => 0n,
      }
      const block = { header } as unknown as NonNullable<Parameters<typeof evm.runCall>[0]['block']>
      const options = { caller: new Address(caller), to, data: callData, block, gasLimit: 10_000_000n }
      const { execResult } = await evm.runCall(options)
      return {
        success: execResult.exceptionError === undefined,
        returnData: toHex(execResult.returnValue),
        logs: (execResult.logs ?? []).map(([, topics, logData]) => ({
          topics: topics.map(toHex),
          data: toHex(logData),
        })),
      }
    },
  }
}
