import { isPublicAddress } from '@banyan/addresses'
import { describe, expect, test } from 'vitest'

/** Each special network with its first and last address, and what lies beside them if that is public. */
const networks: readonly (readonly [string, string, string, ...string[]])[] = [
  ['0.0.0.0/8', '0.0.0.0', '0.255.255.255', '1.0.0.0'],
  ['10.0.0.0/8', '10.0.0.0', '10.255.255.255', '9.255.255.255', '11.0.0.0'],
  ['100.64.0.0/10', '100.64.0.0', '100.127.255.255', '100.63.255.255', '100.128.0.0'],
  ['127.0.0.0/8', '127.0.0.0', '127.255.255.255', '126.255.255.255', '128.0.0.0'],
  ['169.254.0.0/16', '169.254.0.0', '169.254.255.255', '169.253.255.255', '169.255.0.0'],
  ['172.16.0.0/12', '172.16.0.0', '172.31.255.255', '172.15.255.255', '172.32.0.0'],
  ['192.0.0.0/24', '192.0.0.0', '192.0.0.255', '191.255.255.255', '192.0.1.0'],
  ['192.0.2.0/24', '192.0.2.0', '192.0.2.255', '192.0.1.255', '192.0.3.0'],
  ['192.31.196.0/24', '192.31.196.0', '192.31.196.255', '192.31.195.255', '192.31.197.0'],
  ['192.52.193.0/24', '192.52.193.0', '192.52.193.255', '192.52.192.255', '192.52.194.0'],
  ['192.88.99.0/24', '192.88.99.0', '192.88.99.255', '192.88.98.255', '192.88.100.0'],
  ['192.168.0.0/16', '192.168.0.0', '192.168.255.255', '192.167.255.255', '192.169.0.0'],
  ['192.175.48.0/24', '192.175.48.0', '192.175.48.255', '192.175.47.255', '192.175.49.0'],
  ['198.18.0.0/15', '198.18.0.0', '198.19.255.255', '198.17.255.255', '198.20.0.0'],
  ['198.51.100.0/24', '198.51.100.0', '198.51.100.255', '198.51.99.255', '198.51.101.0'],
  ['203.0.113.0/24', '203.0.113.0', '203.0.113.255', '203.0.112.255', '203.0.114.0'],
  ['224.0.0.0/4', '224.0.0.0', '239.255.255.255', '223.255.255.255'],
  ['240.0.0.0/4', '240.0.0.0', '255.255.255.255'],
  ['::/3', '::', '1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '2000::'],
  ['2001::/23', '2001::', '2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff', '2001:200::'],
  ['2001:db8::/32', '2001:db8::', '2001:db8:ffff::ffff', '2001:db7:ffff::', '2001:db9::'],
  ['2002::/16', '2002::', '2002:ffff:ffff::ffff', '2001:ffff:ffff::', '2003::'],
  ['2620:4f:8000::/48', '2620:4f:8000::', '2620:4f:8000:ffff::1', '2620:4f:7fff::', '2620:4f:8001::'],
  ['3fff::/20', '3fff::', '3fff:fff:ffff::ffff', '3ffe:ffff::', '3fff:1000::'],
  ['4000::/2', '4000::', '7fff:ffff::', '3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['8000::/1', '8000::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
]

describe('CMP-17, MED-5: special networks are not public, and what lies beside them is', () => {
  test.each(networks)('%s', (_, first, last, ...beside) => {
    expect([isPublicAddress(first), isPublicAddress(last)]).toEqual([false, false])
    for (const address of beside) expect(isPublicAddress(address), address).toBe(true)
  })
})

describe('CMP-17, MED-5: IPv4 inside of IPv6 is never public, not even where the IPv4 address is', () => {
  test.each([
    ['mapped', '::ffff:127.0.0.1'],
    ['mapped', '::ffff:7f00:1'],
    ['mapped', '::FFFF:10.0.0.1'],
    ['mapped', '0:0:0:0:0:ffff:a9fe:a9fe'],
    ['mapped', '::ffff:8.8.8.8'],
    ['compatible', '::10.0.0.1'],
    ['translated', '::ffff:0:10.0.0.1'],
    ['NAT64', '64:ff9b::7f00:1'],
    ['NAT64', '64:ff9b::8.8.8.8'],
    ['NAT64 of a network', '64:ff9b:1::a00:1'],
    ['6to4', '2002:7f00:1::'],
    ['6to4', '2002:808:808::1'],
    ['Teredo', '2001:0:808:808::1'],
  ])('%s %s', (_, address) => {
    expect(isPublicAddress(address)).toBe(false)
  })
})

test.each([
  ['loopback', '::1'],
  ['link-local', 'fe80::1'],
  ['site-local', 'fec0::1'],
  ['unique local', 'fc00::1'],
  ['unique local', 'fd12:3456::1'],
  ['multicast', 'ff02::1'],
  ['multicast', 'ff0e::1'],
  ['discarded', '100::1'],
  ['segment routing', '5f00::1'],
  ['benchmarks', '2001:2::1'],
  ['metadata of a cloud', 'fd00:ec2::254'],
])('CMP-17, MED-5: %s %s is not public', (_, address) => {
  expect(isPublicAddress(address)).toBe(false)
})

test.each([
  '',
  'no address',
  'localhost',
  'example.com',
  // Forms that some programs read as 127.0.0.1.
  '127.1',
  '2130706433',
  '0x7f.0.0.1',
  '0177.0.0.1',
  '127.0.0.1.',
  ' 8.8.8.8',
  '8.8.8.8 ',
  '8.8.8.8/32',
  '8.8.8.8:80',
  '8.8.8.256',
  '[2606:4700::1111]',
  '2606:4700::1111%eth0',
  'fe80::1%eth0',
  '2606:4700::1111::',
])('CMP-17, MED-5: %j is no public address', (text) => {
  expect(isPublicAddress(text)).toBe(false)
})

test.each([
  '1.1.1.1',
  '8.8.8.8',
  '93.184.216.34',
  '2606:4700:4700::1111',
  '2A00:1450:4001::1',
  '2001:4860:4860:0:0:0:0:8888',
  '2606:4700::8.8.8.8',
])('CMP-17, MED-5: %s is public', (address) => {
  expect(isPublicAddress(address)).toBe(true)
})
