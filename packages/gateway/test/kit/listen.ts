import { createGatewayServer } from '@banyan/gateway/server'
import { onTestFinished } from 'vitest'
import { createGateway, type TestGateway } from './gateway.js'

/** A gateway that listens on a port of this machine, closed with its test. */
export async function listen(): Promise<TestGateway & { readonly port: number }> {
  const gateway = createGateway()
  const server = createGatewayServer({
    ...gateway,
    pages: { hosts: [], origins: [] },
    payloadBytes: 1 << 20,
    connections: 100,
    tls: undefined,
    mount: () => false,
    onDefect: (error) => {
      throw error
    },
  })
  const port = await server.listen(0, '127.0.0.1')
  onTestFinished(() => server.close())
  return { ...gateway, port }
}
