import { type Address, beToUint, concatBytes, equalBytes, type Hash, uintToBe, utf8 } from '@banyan/base'
import { accountFlags, type CallContext, funds, hostCrypto, tables } from '@banyan/ledger'
import { calledAsset, permitNonces, setAllowance, token } from './ledger.js'

export const permitVersion = '1'

/** Half the order of secp256k1: a signature has one valid form, the one with the lower `s` (EIP-2). */
const halfOrder = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n

const domainType = 'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)'
const permitType = 'Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)'

const word = (value: bigint): Uint8Array => uintToBe(value, 32)
const addressWord = (address: Address): Uint8Array => concatBytes(new Uint8Array(12), address)

/** EIP-712 domain separator of the asset that was called. */
export function domainSeparator(context: CallContext, name: string): Hash {
  const hash = (bytes: Uint8Array): Hash => hostCrypto.keccak256(context, bytes)
  return hash(
    concatBytes(
      hash(utf8(domainType)),
      hash(utf8(name)),
      hash(utf8(permitVersion)),
      word(context.block.chainId),
      addressWord(context.self),
    ),
  )
}

export type Permit = {
  readonly owner: Address
  readonly spender: Address
  readonly value: bigint
  readonly deadline: bigint
  readonly v: number
  readonly r: Uint8Array
  readonly s: Uint8Array
}

/**
 * Sets an allowance by a signature of the owner's key (ERC-2612). Time is that of the header in whole seconds. An account
 * with a policy gives no permits: a bare key does not speak for it.
 */
export function usePermit(context: CallContext, permit: Permit): void {
  const { owner, spender, value, deadline } = permit
  const { id, asset } = calledAsset(context)
  if (context.block.timestamp / 1000n > deadline) token.revertWith('ERC2612ExpiredSignature', { deadline })
  const key = { asset: id, owner }
  const nonce = tables.get(context, permitNonces, key).next
  tables.set(context, permitNonces, key, { next: nonce + 1n })
  const hash = (bytes: Uint8Array): Hash => hostCrypto.keccak256(context, bytes)
  const content = hash(
    concatBytes(
      hash(utf8(permitType)),
      addressWord(owner),
      addressWord(spender),
      word(value),
      word(nonce),
      word(deadline),
    ),
  )
  const domain = domainSeparator(context, asset.name)
  const signer = recover(context, hash(concatBytes(Uint8Array.of(0x19, 1), domain, content)), permit)
  if (!equalBytes(signer, owner)) token.revertWith('ERC2612InvalidSigner', { signer, owner })
  if ((funds.account(context, owner).flags & accountFlags.policy) !== 0) {
    token.revertWith('AccountHasPolicy', { account: owner })
  }
  setAllowance(context, owner, spender, value, 'emit')
}

function recover(context: CallContext, digest: Hash, { v, r, s }: Permit): Address {
  if (beToUint(s) > halfOrder) token.revertWith('ECDSAInvalidSignatureS', { s })
  if (v !== 27 && v !== 28) token.revertWith('ECDSAInvalidSignature', {})
  const signature = concatBytes(r, s, Uint8Array.of(v - 27))
  const signer = hostCrypto.recoverSecp256k1(context, digest, signature)
  return signer ?? token.revertWith('ECDSAInvalidSignature', {})
}
