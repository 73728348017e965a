import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { createNetwork, peerIdOfSeed } from '@banyan/network'
import { createFaultProxy, type FaultProxy } from '@banyan/testing/network'
import { afterEach, describe, expect, test } from 'vitest'
import { closeNodes, connectAll, genesis, quiet, startNode, until } from './nodes.js'

const quick = { redialMs: { first: 20, longest: 100 } }
const proxies = new Set<FaultProxy>()

afterEach(async () => {
  await closeNodes()
  await Promise.all([...proxies].map((proxy) => proxy.close()))
  proxies.clear()
})

const portOf = (address: string) => Number(/\/tcp\/(\d+)\//.exec(address)![1])
const seedOf = (index: number) => new Uint8Array(32).fill(index)

/** A proxy in front of a node, and the node's address through it. */
async function proxyTo(address: string): Promise<{ readonly proxy: FaultProxy; readonly address: string }> {
  const proxy = await createFaultProxy({
    target: { host: '127.0.0.1', port: portOf(address) },
    random: () => 0.5,
  })
  proxies.add(proxy)
  return { proxy, address: address.replace(/\/tcp\/\d+\//, `/tcp/${proxy.port}/`) }
}

describe('identity and options', () => {
  test('CON-11: the peer id follows from the seed alone', async () => {
    const node = await startNode(3)
    expect(node.id).toBe(await peerIdOfSeed(seedOf(3)))
    // Multihash of the public key of RFC 8032's first test vector, as other implementations of libp2p derive it.
    const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex')
    expect(await peerIdOfSeed(seed)).toMatch(/^12D3KooW[1-9A-HJ-NP-Za-km-z]{44}$/)
    await expect(peerIdOfSeed(new Uint8Array(31))).rejects.toMatchObject({ kind: 'KeyMalformed' })
  })

  test('CON-11: options out of range are refused by name, before a port is opened', async () => {
    const options = { seed: seedOf(1), genesis, listen: [], random: () => 0 }
    const refused = (change: object) => expect(createNetwork({ ...options, ...change }, quiet)).rejects
    await refused({ seed: new Uint8Array(16) }).toMatchObject({ kind: 'NetworkOptionInvalid' })
    await refused({ genesis: new Uint8Array(33) }).toMatchObject({ kind: 'NetworkOptionInvalid' })
    await refused({ limits: { maxPeers: 0 } }).toMatchObject({ details: { option: 'maxPeers' } })
    await refused({ limits: { redialMs: { first: 1, longest: Number.NaN } } }).toMatchObject({
      details: { option: 'redialMs.longest' },
    })
  })

  test('CON-11: a port that is taken and an address that is none are refused', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    await expect(startNode(1, { listen: [`/ip4/127.0.0.1/tcp/${port}`] })).rejects.toMatchObject({
      kind: 'ListenFailed',
    })
    server.close()
    await expect(startNode(1, { listen: ['nowhere'] })).rejects.toMatchObject({ kind: 'ListenFailed' })
    const node = await startNode(2)
    for (const address of ['nowhere', '/ip4/127.0.0.1/tcp/4100', `/p2p/${node.id}/ip4/127.0.0.1/tcp/1`]) {
      expect(() => node.keepConnected(address)).toThrow(
        expect.objectContaining({ kind: 'PeerAddressMalformed' }),
      )
    }
  })
})

describe('keeping connected', () => {
  test('CON-11: nodes that dial each other at the same moment end with one usable connection', async () => {
    for (let round = 0; round < 8; round++) {
      const got = [0, 0]
      const [a, b] = await Promise.all(
        [0, 1].map((i) =>
          startNode(20 + 2 * round + i, {
            limits: quick,
            handlers: { onMessage: () => void got[i]!++ },
          }),
        ),
      )
      await connectAll([a!, b!])
      await until(() => {
        a!.send(b!.id, 'votes', Uint8Array.of(1))
        b!.send(a!.id, 'data', Uint8Array.of(2))
        return got[0]! > 0 && got[1]! > 0
      }, 'messages pass both ways')
      await closeNodes()
    }
  })

  test('CON-11: a peer that restarts is connected again', async () => {
    const stays = await startNode(1, { limits: quick })
    const first = await startNode(2, { limits: quick })
    const [address] = first.addresses()
    stays.keepConnected(address!)
    await until(() => stays.peers().length === 1, 'connected')
    let before = first
    for (let round = 0; round < 3; round++) {
      await before.close()
      await until(() => stays.peers().length === 0, 'the loss is seen')
      before = await startNode(2, { limits: quick, listen: [`/ip4/127.0.0.1/tcp/${portOf(address!)}`] })
      const { id } = before
      await until(() => stays.peers().includes(id) && before.peers().length === 1, 'connected again')
    }
  })

  test('CON-11: a peer that is silent without closing is given up within a bounded time, and found again', async () => {
    const limits = { ...quick, heartbeatMs: 20, silenceMs: 300, handshakeMs: 500 }
    const [a, b] = await Promise.all([startNode(1, { limits }), startNode(2, { limits })])
    const { proxy, address } = await proxyTo(b.addresses()[0]!)
    a.keepConnected(address)
    await until(() => a.peers().length === 1 && b.peers().length === 1, 'connected')
    await new Promise((resolve) => setTimeout(resolve, 600))
    expect(a.counters().get(b.id)).toMatchObject({ connections: 1, faults: 0 })
    proxy.partition()
    await until(() => a.peers().length === 0 && b.peers().length === 0, 'both give up')
    proxy.heal()
    await until(() => a.peers().length === 1 && b.peers().length === 1, 'connected again')
    expect(a.counters().get(b.id)!.faults).toBeGreaterThan(0)
  })

  test('CON-11: connections that are cut again and again come back', async () => {
    const [a, b] = await Promise.all([startNode(1, { limits: quick }), startNode(2, { limits: quick })])
    const { proxy, address } = await proxyTo(b.addresses()[0]!)
    a.keepConnected(address)
    for (let round = 1; round <= 10; round++) {
      await until(() => a.peers().length === 1 && b.peers().length === 1, 'connected')
      proxy.killConnections()
      await until(() => a.peers().length === 0, 'the loss is seen')
    }
    await until(() => a.peers().length === 1, 'connected')
  })

  test('CON-11: messages pass a slow and distant way', async () => {
    let got = 0
    const [a, b] = await Promise.all([
      startNode(1, { limits: quick }),
      startNode(2, {
        limits: quick,
        handlers: {
          onMessage: (_, __, message) => {
            got += message.length
          },
        },
      }),
    ])
    const { proxy, address } = await proxyTo(b.addresses()[0]!)
    proxy.delay(20)
    proxy.throttle(4e6)
    a.keepConnected(address)
    await until(() => a.peers().length === 1, 'connected')
    for (let i = 0; i < 4; i++) a.send(b.id, 'data', new Uint8Array(500_000))
    await until(() => got === 2_000_000, 'all arrives')
  })

  test('CON-11: large messages stay in large pieces on their way', async () => {
    let got = 0
    const [a, b] = await Promise.all([
      startNode(1, { limits: { ...quick, heartbeatMs: 60_000, silenceMs: 120_000 } }),
      startNode(2, {
        limits: { ...quick, heartbeatMs: 60_000, silenceMs: 120_000 },
        handlers: {
          onMessage: (_, __, message) => {
            got += message.length
          },
        },
      }),
    ])
    const { proxy, address } = await proxyTo(b.addresses()[0]!)
    a.keepConnected(address)
    await until(() => a.peers().length === 1 && b.peers().length === 1, 'connected')
    const before = proxy.passedBytes()
    const total = 24 * 10 ** 6
    for (let sent = 0; sent < total; sent += 10 ** 6) {
      a.send(b.id, 'data', new Uint8Array(10 ** 6))
      await until(() => got >= sent - 8 * 10 ** 6, 'the queue has room')
    }
    await until(() => got === total, 'all arrives')
    // Each piece costs 30 bytes of headers and tags, and some cause answers. Full ones cost less than a thousandth.
    expect(proxy.passedBytes() - before - total).toBeLessThan(total / 1000)
  })

  test('CON-11: a banned peer may come back when its ban is over', async () => {
    const limits = { ...quick, banMs: 400 }
    const [a, b] = await Promise.all([startNode(1, { limits }), startNode(2, { limits })])
    await connectAll([a, b])
    a.judge(b.id, 'hostile')
    expect(a.peers()).toEqual([])
    await until(() => a.peers().length === 1, 'connected again')
    expect(a.counters().get(b.id)).toMatchObject({ bans: 1, connections: 2 })
  })
})

describe('who may connect', () => {
  test('CON-11: nodes of another chain never become peers', async () => {
    const other = new Uint8Array(32).fill(8)
    const [a, b] = await Promise.all([
      startNode(1, { limits: quick }),
      startNode(2, { limits: quick, genesis: other }),
    ])
    a.keepConnected(b.addresses()[0]!)
    await until(() => (a.counters().get(b.id)?.faults ?? 0) >= 2, 'two attempts fail')
    expect(a.peers()).toEqual([])
    expect(b.peers()).toEqual([])
    expect(a.counters().get(b.id)!.connections).toBe(0)
  })

  test('CON-11: with a list of allowed peers, others get no connection in either direction', async () => {
    const allow = [await peerIdOfSeed(seedOf(2))]
    const closed = await startNode(1, { limits: quick, allow })
    const [friend, stranger] = await Promise.all([
      startNode(2, { limits: quick }),
      startNode(3, { limits: quick }),
    ])
    friend.keepConnected(closed.addresses()[0]!)
    stranger.keepConnected(closed.addresses()[0]!)
    closed.keepConnected(stranger.addresses()[0]!)
    await until(() => closed.peers().length === 1 && friend.peers().length === 1, 'the friend is connected')
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(closed.peers()).toEqual([friend.id])
    expect(stranger.peers()).toEqual([])
  })

  test('CON-11: one address gets no more connections than its share', async () => {
    const full = await startNode(1, { limits: { ...quick, connectionsPerAddress: 2 } })
    const others = await Promise.all([2, 3, 4, 5].map((i) => startNode(i, { limits: quick })))
    for (const node of others) node.keepConnected(full.addresses()[0]!)
    await until(() => full.peers().length === 2, 'two are connected')
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(full.peers().length).toBe(2)
    const [lucky] = others.filter((node) => node.peers().length === 1)
    await lucky!.close()
    await until(() => others.filter((node) => node.peers().length === 1).length === 2, 'its place is taken')
  })

  test('CON-11: a node that has its peers takes no more', async () => {
    const full = await startNode(1, { limits: { ...quick, maxPeers: 2 } })
    const others = await Promise.all([2, 3, 4].map((i) => startNode(i, { limits: quick })))
    for (const node of others) node.keepConnected(full.addresses()[0]!)
    await until(() => full.peers().length === 2, 'two are connected')
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(full.peers().length).toBe(2)
  })
})

test('CON-11: a process ends by itself after its networks were closed', async () => {
  const script = `
    import { createNetwork } from '@banyan/network'
    const quiet = { onMessage() {}, async *onRequest() {}, onConnected() {}, onDisconnected() {} }
    const start = (index) => createNetwork({ seed: new Uint8Array(32).fill(index), genesis: new Uint8Array(32),
      listen: ['/ip4/127.0.0.1/tcp/0'], random: () => 0.5 }, quiet)
    const [a, b] = [await start(1), await start(2)]
    a.keepConnected(b.addresses()[0])
    a.keepConnected('/ip4/127.0.0.1/tcp/1/p2p/${await peerIdOfSeed(seedOf(9))}')
    while (a.peers().length + b.peers().length < 2) await new Promise((resolve) => setTimeout(resolve, 5))
    await Promise.all([a.close(), b.close()])
    const sockets = () => process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length
    for (let i = 0; i < 100 && sockets() > 0; i++) await new Promise((resolve) => setTimeout(resolve, 20))
    console.log(sockets())`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  const [code] = await once(child, 'exit')
  expect({ code, output }).toEqual({ code: 0, output: '0\n' })
})
