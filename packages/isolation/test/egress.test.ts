import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dialPublic, isAllowedHost, openEgressProxy } from '@banyan/isolation'
import { afterAll, describe, expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'banyan-egress-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('CMP-17: where a workload may go', () => {
  test('CMP-17: hosts are compared whole, with their ports', () => {
    const hosts = ['api.example.com:443', '*.example.org:443']
    for (const target of [
      'api.example.com:443',
      'API.example.com:443',
      'a.example.org:443',
      'a.b.example.org:443',
    ])
      expect(isAllowedHost(hosts, target), target).toBe(true)
    for (const target of [
      'api.example.com:80',
      'example.com:443',
      'xapi.example.com:443',
      'example.org:443',
      'evilexample.org:443',
      'api.example.com:443.evil.org:443',
      '',
      ':443',
    ])
      expect(isAllowedHost(hosts, target), target).toBe(false)
  })

  test('CMP-17: names that lead to inner addresses are refused, and other methods too', async () => {
    const path = join(folder, 'proxy')
    const asked: string[] = []
    const resolve = async (host: string) => {
      asked.push(host)
      return host.startsWith('a.') ? ['8.8.8.8', '127.0.0.1'] : ['127.0.0.1', '10.0.0.1', '::1']
    }
    // Something listens there, and would be reached.
    const inner = createServer((socket) => socket.end()).listen(0, '127.0.0.1')
    await once(inner, 'listening')
    const { port } = inner.address() as AddressInfo
    const hosts = [`inner.example.com:${port}`, '*.rebind.example.com:443']
    const proxy = await openEgressProxy(path, hosts, (target) => dialPublic(target, resolve))
    const connect = (target: string, method = 'CONNECT') =>
      new Promise<number>((resolve, reject) => {
        const sent = request({ socketPath: path, method, path: target, agent: false })
        sent.once('connect', (answer, socket) => {
          socket.destroy()
          resolve(answer.statusCode ?? 0)
        })
        sent.once('response', (answer) => resolve(answer.statusCode ?? 0))
        sent.once('error', reject)
        sent.end()
      })
    expect(await connect(`inner.example.com:${port}`)).toBe(502)
    expect(await connect('a.rebind.example.com:443')).toBe(502)
    expect(await connect('other.example.com:443')).toBe(403)
    expect(await connect('http://inner.example.com/', 'GET')).toBe(405)
    expect(asked).toEqual(['inner.example.com', 'a.rebind.example.com'])
    await proxy.close()
    inner.close()
  })

  test('CMP-6: bytes pass both ways through the proxy', async () => {
    const echo = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1')
    await new Promise((resolve) => echo.once('listening', resolve))
    const { port } = echo.address() as AddressInfo
    const path = join(folder, 'open')
    const proxy = await openEgressProxy(path, ['api.example.com:443'], async () =>
      createConnection(port, '127.0.0.1'),
    )
    const sent = request({ socketPath: path, method: 'CONNECT', path: 'api.example.com:443', agent: false })
    const socket = await new Promise<Socket>((resolve) => {
      sent.once('connect', (_, found) => resolve(found))
      sent.end()
    })
    socket.write('over and back')
    const [back] = (await once(socket, 'data')) as [Buffer]
    expect(back.toString()).toBe('over and back')
    const closed = once(socket, 'close')
    await proxy.close()
    await closed
    echo.close()
  })
})
