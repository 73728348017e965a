import { equalBytes, fromHex, type Hex, toHex } from '@banyan/base'
import { accountAbi, contractAddress } from '@banyan/contracts/abi'
import { accountFlags } from '@banyan/ledger'
import { type Client, getAccount, readContract } from '@banyan/sdk'
import { refused } from './policy.js'

const rules = { abi: accountAbi, address: toHex(contractAddress('banyan/account')) } as const

/**
 * Requires that who signed may speak for the account: its own key; or, where the account has a policy, enough of the policy's
 * signers, or one session key whose time is not over. What a session key may do and spend the chain itself checks. Otherwise anybody could use up
 * what another one may be paid. Errors: SponsorshipRefused, those of `readContract`.
 */
export async function requireEntitled(
  client: Client,
  account: Uint8Array,
  signers: readonly Uint8Array[],
): Promise<void> {
  const address = toHex(account) as Hex
  const { flags, height } = await getAccount(client, { address })
  if ((flags & accountFlags.policy) === 0) {
    if (!signers.some((signer) => equalBytes(signer, account)))
      throw refused('its account has not signed it with its own key')
    return
  }
  const [threshold, members] = await readContract(client, { ...rules, name: 'policy', args: [address] })
  if (countMembers(signers, members) >= threshold) return
  const [key, ...others] = signers
  if (key !== undefined && others.length === 0) {
    const args = [address, toHex(key)] as const
    const [validUntil] = await readContract(client, { ...rules, name: 'session', args })
    if (validUntil > 0n && validUntil >= BigInt(height)) return
  }
  throw refused('those who signed it may not speak for its account')
}

/** How many members are among the signers. */
function countMembers(signers: readonly Uint8Array[], members: readonly Hex[]): number {
  return members.filter((member) => {
    const bytes = fromHex(member.toLowerCase())
    return bytes !== undefined && signers.some((signer) => equalBytes(signer, bytes))
  }).length
}
