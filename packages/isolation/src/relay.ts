import { createConnection, createServer, type Socket } from 'node:net'
import { assert } from '@banyan/base'

/**
 * The program that `openRelay` starts inside the network namespace of a workload: takes connections on a Unix socket of the host
 * and hands their bytes to the workload's port. Where the workload may reach hosts, it takes connections inside, too, and hands
 * them to the proxy on the host, which decides. There is no other way between the two.
 */

const [socketPath, port, userId, egressPath, egressPort] = process.argv.slice(2)
assert(socketPath !== undefined && port !== undefined, 'the relay was told a socket and a port')

function join(from: Socket, to: Socket): void {
  from.pipe(to)
  from.on('error', () => to.destroy())
  from.on('close', () => to.destroy())
}

const server = createServer({ allowHalfOpen: true, noDelay: true }, (outer) => {
  const inner = createConnection({
    host: '127.0.0.1',
    port: Number(port),
    allowHalfOpen: true,
    noDelay: true,
  })
  join(outer, inner)
  join(inner, outer)
})
server.listen(socketPath, () => {
  if (egressPath === undefined) return begin()
  const egress = createServer({ allowHalfOpen: true, noDelay: true }, (inner) => {
    const outer = createConnection({ path: egressPath, allowHalfOpen: true })
    join(outer, inner)
    join(inner, outer)
  })
  egress.listen(Number(egressPort), '127.0.0.1', begin)
})

function begin(): void {
  // It entered the namespace as root, if need be, and is nobody from then on.
  if (process.getuid?.() === 0) {
    process.setgroups?.([])
    process.setgid?.(Number(userId))
    process.setuid?.(Number(userId))
  }
  process.stdout.write('ready\n')
}
// Whoever started it holds the other end: it ends with them, however they end.
process.stdin.on('end', () => process.exit(0)).resume()
