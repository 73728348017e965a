import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo, LookupFunction } from 'node:net'
import { pinnedLookup, publicAddresses } from '@banyan/addresses'
import { expect, test } from 'vitest'

const to =
  (...addresses: string[]) =>
  async () =>
    addresses

test('CMP-17, MED-5: a host is public if all of its addresses are', async () => {
  expect(await publicAddresses('a.example', to('8.8.8.8', '2606:4700::1111'))).toEqual([
    '8.8.8.8',
    '2606:4700::1111',
  ])
  expect(await publicAddresses('a.example', to('8.8.8.8', '10.0.0.1'))).toEqual([])
  expect(await publicAddresses('a.example', to('::1', '8.8.8.8'))).toEqual([])
  expect(await publicAddresses('a.example', to())).toEqual([])
  await expect(publicAddresses('a.example', () => Promise.reject('gone'))).rejects.toBe('gone')
})

test('CMP-17, MED-5: what is an address already is judged as it is, and nobody is asked', async () => {
  const asked: string[] = []
  const resolve = async (host: string) => {
    asked.push(host)
    return ['8.8.8.8']
  }
  expect(await publicAddresses('1.1.1.1', resolve)).toEqual(['1.1.1.1'])
  for (const host of ['127.0.0.1', '::1', '::ffff:8.8.8.8'])
    expect(await publicAddresses(host, resolve), host).toEqual([])
  expect(asked).toEqual([])
  expect(await publicAddresses('localhost')).toEqual([])
})

/** What a connection would be told. */
function told(lookup: LookupFunction, all: boolean) {
  return new Promise((resolve) => {
    lookup('a.example', { all }, (error, address, family) => resolve(error?.code ?? [address, family]))
  })
}

test('CMP-17, MED-5: connections get the addresses that were checked, or none', async () => {
  const open = pinnedLookup(to('8.8.8.8', '2606:4700::1111'))
  expect(await told(open, false)).toEqual(['8.8.8.8', 4])
  expect(await told(open, true)).toEqual([
    [
      { address: '8.8.8.8', family: 4 },
      { address: '2606:4700::1111', family: 6 },
    ],
    undefined,
  ])
  const inward = pinnedLookup((host) => publicAddresses(host, to('10.0.0.1')))
  expect([await told(inward, false), await told(inward, true)]).toEqual(['EACCES', 'EACCES'])
  const unknown = pinnedLookup(() => Promise.reject(Object.assign(new Error(), { code: 'ENOTFOUND' })))
  expect(await told(unknown, true)).toBe('ENOTFOUND')
})

test('CMP-17, MED-5: an HTTP request goes where its lookup says and nowhere else', async () => {
  let asked = 0
  const server = createServer((_, response) => {
    asked++
    response.end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const ask = (lookup: LookupFunction, host: string) =>
    new Promise((resolve) => {
      const sent = request({ host, port, lookup, agent: false })
      sent.once('response', (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      })
      sent.once('error', (error) => resolve(error.message))
      sent.end()
    })
  expect(await ask(pinnedLookup(to('127.0.0.1')), 'a.example')).toBe(200)
  expect(await ask(pinnedLookup(publicAddresses), 'localhost')).toBe('the address is private')
  expect(asked).toBe(1)
  server.close()
})
