import { BlockList, isIP } from 'node:net'

/** IPv4 addresses that belong to machines, local networks and special uses: IANA's registry of special-purpose addresses, and RFC 1112 and 5771. */
const specialIn4 = listOf('ipv4', [
  ['0.0.0.0', 8], // this network
  ['10.0.0.0', 8], // private
  ['100.64.0.0', 10], // behind a carrier's translation
  ['127.0.0.0', 8], // loopback
  ['169.254.0.0', 16], // link-local, where clouds tell machines their secrets
  ['172.16.0.0', 12], // private
  ['192.0.0.0', 24], // protocol assignments
  ['192.0.2.0', 24], // documentation
  ['192.31.196.0', 24], // AS112
  ['192.52.193.0', 24], // AMT
  ['192.88.99.0', 24], // relays of 6to4
  ['192.168.0.0', 16], // private
  ['192.175.48.0', 24], // AS112
  ['198.18.0.0', 15], // benchmarks
  ['198.51.100.0', 24], // documentation
  ['203.0.113.0', 24], // documentation
  ['224.0.0.0', 3], // multicast, reserved, broadcast
])

/**
 * All of IPv6 that is global unicast. Outside of it are loopback, link-local, unique local and multicast addresses, and the
 * forms that hold an IPv4 address: mapped, compatible, translated (64:ff9b::/96, 64:ff9b:1::/48).
 */
const unicast = listOf('ipv6', [['2000::', 3]])

/** Global unicast addresses that are special, or lead to an IPv4 address that could be (IANA's registry for IPv6). */
const specialIn6 = listOf('ipv6', [
  ['2001::', 23], // protocol assignments: Teredo, benchmarks, AMT, AS112, ORCHID, drones
  ['2001:db8::', 32], // documentation
  ['2002::', 16], // 6to4
  ['2620:4f:8000::', 48], // AS112
  ['3fff::', 20], // documentation
])

function listOf(family: 'ipv4' | 'ipv6', networks: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList()
  for (const [network, prefix] of networks) list.addSubnet(network, prefix, family)
  return list
}

/**
 * Whether a text is the address of a machine on the public internet: four decimal numbers, or IPv6 without zone. Whatever
 * else it is, such as a name or an IPv4 address inside of an IPv6 one, it is not.
 */
export function isPublicAddress(text: string): boolean {
  if (isIP(text) === 4) return !specialIn4.check(text, 'ipv4')
  if (isIP(text) !== 6 || text.includes('%')) return false
  return unicast.check(text, 'ipv6') && !specialIn6.check(text, 'ipv6')
}
