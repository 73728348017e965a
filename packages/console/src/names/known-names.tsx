import { createContext, useContext } from 'react'

/** Names by address in lower case: the reader's own account, people of a test network, contracts of the chain. */
export type KnownNames = ReadonlyMap<string, string>

export const KnownNamesContext = createContext<KnownNames>(new Map())

/** Name of an address, if it has one. */
export function useKnownName(address: string): string | undefined {
  return useContext(KnownNamesContext).get(address.toLowerCase())
}
