import { type ReactNode, useMemo } from 'react'
import { useLocalPeople } from '../data/local.js'
import { useSponsor } from '../data/sponsor.js'
import { useWallet } from '../wallet/use-wallet.js'
import { KnownNamesContext } from './known-names.js'

/** Contracts that every chain starts with (docs/contracts.md). */
const contracts: readonly (readonly [string, string])[] = [
  ['0x62616e79616e2f666163746f7279000000000000', 'Token factory'],
  ['0x62616e79616e2f6163636f756e74000000000000', 'Account rules'],
  ['0x62616e79616e2f7574786f000000000000000000', 'Unspent outputs'],
  ['0x62616e79616e2f76616c696461746f7273000000', 'Register of validators'],
]

/** Gives the pages the names of addresses: people of a test network, its sponsor, accounts of this device, contracts of the chain. */
export function NamesProvider({ children }: { readonly children: ReactNode }) {
  const { people, services } = useLocalPeople()
  const { accounts } = useWallet()
  const sponsor = useSponsor()?.sponsor
  const names = useMemo(
    () =>
      new Map([
        ...services.map(({ address, name }) => [address, name] as const),
        ...people.map(({ address, name }) => [address, name] as const),
        ...accounts.map(({ address, name }) => [address, name] as const),
        ...contracts,
        ...(sponsor === undefined ? [] : [[sponsor, 'Sponsor'] as const]),
      ]),
    [people, services, accounts, sponsor],
  )
  return <KnownNamesContext value={names}>{children}</KnownNamesContext>
}
