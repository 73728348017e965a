import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { banyanError } from '@banyan/base'

/** Resolves with the port that the server listens on. Error: ApiUnreachable. */
export function listenOn(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (cause: Error): void => {
      reject(banyanError('ApiUnreachable', { host, port, reason: cause.message }, cause))
    }
    server.once('error', failed)
    server.listen(port, host, () => {
      server.off('error', failed)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

/** Takes no more requests, and ends those under way. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

/** The address of what listens there. */
export function urlOf(host: string, port: number): string {
  return `http://${hostInUrl(host)}:${port}`
}

/** A host as it stands in a URL: addresses of IPv6 in brackets. */
export function hostInUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
