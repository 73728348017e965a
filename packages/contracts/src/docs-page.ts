import { toHex } from '@banyan/base'
import { type Collection, type Contract, selectorOf, signatureOf } from '@banyan/ledger'
import { keyKinds } from './key-kinds.js'

type Item = Contract['abi'][number]

const argumentText = (item: Item): string =>
  item.inputs
    .map(({ name, type, indexed }) => `${type}${indexed === true ? ' indexed' : ''} ${name}`)
    .join(', ')

function methodRow(
  collection: Collection,
  contract: Contract,
  item: Extract<Item, { type: 'function' }>,
): string {
  const results = item.outputs.map(({ type }) => type).join(', ') || 'nothing'
  const gas = contract.methods[item.name]!.gas
  const method = `\`${selectorOf(item)}\` | \`${item.name}(${argumentText(item)})\``
  return `| ${method} | ${item.stateMutability} | ${results} | ${gas} | ${keyKinds(collection, contract, item)} |`
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `### ${title}`, '', ...lines]
}

function contractSection(collection: Collection, contract: Contract): string[] {
  const { abi, tables } = contract
  const functions = abi.filter((item) => item.type === 'function')
  const events = abi.filter((item) => item.type === 'event')
  const errors = abi.filter((item) => item.type === 'error')
  const place =
    contract.addressPrefix === undefined
      ? `Address \`${toHex(contract.address)}\`.`
      : `Addresses \`${toHex(contract.addressPrefix)}\` followed by the asset number (4 bytes, big-endian).`
  const offered = Object.keys(contract.interfaces ?? {})
  const methodHead = ['| selector | method | kind | returns | own gas | keys |', '|---|---|---|---|---|---|']
  const tableLine = ({ id, name, key, row }: Contract['tables'][number]): string =>
    `- ${id} \`${name}\`: (${fieldText(key)}) → (${fieldText(row)})`
  return [
    '',
    `## ${contract.name}`,
    '',
    `${contract.summary} Version ${contract.version}. ${place}`,
    ...(offered.length === 0
      ? []
      : ['', `Offers the host: ${offered.map((name) => `\`${name}\``).join(', ')}.`]),
    ...section('Methods', [...methodHead, ...functions.map((item) => methodRow(collection, contract, item))]),
    ...section(
      'Events',
      events.map((item) => `- \`${item.name}(${argumentText(item)})\``),
    ),
    ...section(
      'Errors',
      errors.map((item) => `- \`${selectorOf(item)}\` \`${signatureOf(item)}\``),
    ),
    ...section('Tables', tables.map(tableLine)),
  ]
}

const fieldText = (fields: Readonly<Record<string, string>>): string =>
  Object.entries(fields)
    .map(([name, type]) => `${name} ${type}`)
    .join(', ')

const introduction = `# Contracts

This page is generated from the contracts themselves by \`npm run docs:contracts\`.

System contracts are called like Ethereum contracts: a 20-byte address, call data in the standard ABI encoding, logs and
custom errors. Call data in any other encoding of the same values are refused; bytes after the arguments are ignored.
Each call costs 1,000 gas, the method's own gas, and what it asks of the host. Amounts are at most 2^128 − 1.

A storage row's key is the SHA-256 hash of: the tag "banyan/row"; the address of the contract (the first one, if it has
several); the table id (4 bytes); the number of the row within its record (4 bytes); the key fields. A record is its fields in
order, in rows of 64 bytes. Integers are little-endian; text has its length in the first of 32 bytes. A row that is zero
throughout is not stored.

The keys of a method are what it may read or write (r, w), by kind; calls whose keys cannot be known beforehand run alone.`

/** Markdown page of a collection: methods, events, errors and tables of each contract. */
export function contractsPage(collection: Collection): string {
  return `${[introduction, ...collection.contracts.flatMap((contract) => contractSection(collection, contract))].join('\n')}\n`
}
