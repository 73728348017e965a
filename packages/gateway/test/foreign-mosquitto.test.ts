import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { listen } from './kit/listen.js'

const programs = ['mosquitto_pub', 'mosquitto_sub']
const missing = programs.filter((name) => spawnSync(name, ['--help']).error !== undefined)
if (missing.length > 0)
  console.warn(`Clients of mosquitto are not tried: there is no ${missing.join(' and no ')} here.`)

const run = promisify(execFile)

describe.skipIf(missing.length > 0).each(['mqttv311', 'mqttv5'])('mosquitto, %s', (version) => {
  const to = (port: number, ...words: string[]): string[] => [
    '-h',
    '127.0.0.1',
    '-p',
    `${port}`,
    '-V',
    version,
    ...words,
  ]

  test.each(['0', '1', '2'])('GW-4: mosquitto_pub publishes with QoS %s', async (qos) => {
    const gateway = await listen()
    const watcher = gateway.open('watcher').hear('t', { qos: 2 })
    await run('mosquitto_pub', to(gateway.port, '-t', 't', '-m', 'hello', '-q', qos))
    expect(watcher.take()).toEqual([`PUBLISH t=hello q${qos}${qos === '0' ? '' : ' #1'}`])
  })

  test.each(['0', '1', '2'])(
    'GW-4: mosquitto_sub hears live messages and last values with QoS %s',
    async (qos) => {
      const gateway = await listen()
      const publisher = gateway.open('publisher').publish('kept', 'last', { retain: true, qos: 2 })
      publisher.take()
      const filters = ['-t', 'kept', '-t', 'live/+', '-q', qos, '-C', '2', '-F', '%t %p %q %r']
      const printed = run('mosquitto_sub', to(gateway.port, ...filters))
      // Until it has subscribed, nobody hears the other message.
      let answer = '0x10'
      while (answer.includes('0x10')) {
        await new Promise((later) => setTimeout(later, 10))
        answer = publisher.publish('live/1', 'now', { qos: 1 }).take().join()
      }
      const live = qos === '0' ? '0' : '1'
      // A handshake of QoS 2 may end after the other message has come.
      expect((await printed).stdout.trim().split('\n').sort()).toEqual([
        `kept last ${qos} 1`,
        `live/1 now ${live} 0`,
      ])
    },
  )

  test('GW-4: a will of mosquitto_sub is published when it is killed', async () => {
    const gateway = await listen()
    const watcher = gateway.open('watcher').hear('w')
    const words = ['-t', 't', '--will-topic', 'w', '--will-payload', 'gone', '--will-qos', '1']
    const running = run('mosquitto_sub', to(gateway.port, ...words))
    while (gateway.mqtt.sessions() < 2) await new Promise((later) => setTimeout(later, 10))
    running.child.kill('SIGKILL')
    await expect(running).rejects.toThrow()
    while (watcher.frames.length === 0) await new Promise((later) => setTimeout(later, 10))
    expect(watcher.take()).toEqual(['PUBLISH w=gone q0'])
  })
})
