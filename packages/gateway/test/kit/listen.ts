import { createServer } from 'node:net'
import { serveMqtt } from '@banyan/gateway/server'
import { onTestFinished } from 'vitest'
import { createGateway, type TestGateway } from './gateway.js'

/** A gateway with a socket, closed with its test. */
export async function listen(): Promise<TestGateway & { readonly port: number }> {
  const gateway = createGateway()
  const server = createServer((socket) => serveMqtt(gateway.mqtt, socket))
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  onTestFinished(async () => {
    gateway.mqtt.close()
    await new Promise((closed) => server.close(closed))
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return { ...gateway, port: address.port }
}
