import { lookup } from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import { isPublicAddress } from './is-public-address.js'

/** Finds the addresses of a host; rejects or finds none where it has none. */
export type Resolve = (host: string) => Promise<readonly string[]>

/** As the operating system finds them. Rejects with its error. */
export const resolveBySystem: Resolve = async (host) =>
  (await lookup(host, { all: true })).map(({ address }) => address)

/**
 * The addresses of a host, if all of them are public; else none: whoever owns a name may give it one address to be judged by
 * and another one to be reached at. Rejects as `resolve` does, which is not asked for what is an address already.
 */
export async function publicAddresses(
  host: string,
  resolve: Resolve = resolveBySystem,
): Promise<readonly string[]> {
  const found = isIP(host) === 0 ? await resolve(host) : [host]
  return found.every(isPublicAddress) ? found : []
}

/**
 * The `lookup` of connections (node:net, node:http) that may go only where `find` says, so that no second answer of a name
 * server leads elsewhere. Fails with EACCES where it finds none. Node does not ask it for hosts that are addresses: check
 * those before.
 */
export function pinnedLookup(find: Resolve): LookupFunction {
  return (host, { all }, done) => {
    find(host).then(
      (addresses) => {
        const found = addresses.map((address) => ({ address, family: isIP(address) }))
        const [first] = found
        if (first === undefined) done(privateAddress(), '', 0)
        else if (all === true) done(null, found)
        else done(null, first.address, first.family)
      },
      (error: NodeJS.ErrnoException) => done(error, '', 0),
    )
  }
}

function privateAddress(): NodeJS.ErrnoException {
  return Object.assign(new Error('the address is private'), { code: 'EACCES' })
}
